# hilo_source_digest(target header module ...): makes the header, with `kSourceDigest`: a digest of all files of these
# modules of src/, so that a program can tell what another build of it made by other rules.
#
# It is made again whenever one of the files changes, by this file run as a script.
if(CMAKE_SCRIPT_MODE_FILE)
  set(digests "")
  string(REPLACE "," ";" MODULES ${MODULES})
  foreach(module ${MODULES})
    file(GLOB_RECURSE files RELATIVE ${SOURCE} ${SOURCE}/${module}/*)
    list(SORT files)
    foreach(file ${files})
      file(SHA256 ${SOURCE}/${file} digest)
      string(APPEND digests "${file} ${digest}\n")
    endforeach()
  endforeach()
  string(SHA256 digest "${digests}")
  string(SUBSTRING ${digest} 0 16 digest)
  file(WRITE ${HEADER} "// Made by the build.\n#pragma once\n\n#include <string_view>\n\nnamespace hilo::app {\n"
       "inline constexpr std::string_view kSourceDigest = \"${digest}\";\n}  // namespace hilo::app\n")
  return()
endif()

function(hilo_source_digest target header)
  set(header ${CMAKE_BINARY_DIR}/generated/${header})
  set(sources)
  foreach(module ${ARGN})
    file(GLOB_RECURSE files CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${module}/*)
    list(APPEND sources ${files})
  endforeach()
  string(REPLACE ";" "," modules "${ARGN}")
  set(make_header ${CMAKE_COMMAND} -D SOURCE=${CMAKE_CURRENT_SOURCE_DIR} -D HEADER=${header} -D MODULES=${modules}
                  -P ${PROJECT_SOURCE_DIR}/cmake/source_digest.cmake)
  # Whoever reads the sources without building them (lint) needs it, too.
  if(NOT EXISTS ${header})
    execute_process(COMMAND ${make_header} COMMAND_ERROR_IS_FATAL ANY)
  endif()
  add_custom_command(OUTPUT ${header} COMMAND ${make_header}
    DEPENDS ${sources} ${PROJECT_SOURCE_DIR}/cmake/source_digest.cmake VERBATIM)
  target_sources(${target} PRIVATE ${header})
  target_include_directories(${target} PUBLIC ${CMAKE_BINARY_DIR}/generated)
endfunction()
