# hilo_batches(target file ...): with HILO_BATCHES, the files of a target that do not clash are compiled several as one,
# which pays for the headers once: a third of the time. tools/batches.py says which. ./dev lint and the release build
# compile each file alone, so that a missing include is seen.
find_package(Python3 REQUIRED COMPONENTS Interpreter)

function(hilo_batches target)
  if(NOT HILO_BATCHES)
    return()
  endif()
  execute_process(COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tools/batches.py ${ARGN}
                  OUTPUT_VARIABLE groups OUTPUT_STRIP_TRAILING_WHITESPACE COMMAND_ERROR_IS_FATAL ANY)
  string(REPLACE ";" "|" groups "${groups}")
  string(REPLACE "\n" ";" groups "${groups}")
  set(number 0)
  foreach(group ${groups})
    string(REPLACE "|" ";" files "${group}")
    list(LENGTH files count)
    if(count GREATER 1)
      math(EXPR number "${number} + 1")
      set_source_files_properties(${files} PROPERTIES UNITY_GROUP ${number})
    endif()
  endforeach()
  set_target_properties(${target} PROPERTIES UNITY_BUILD ON UNITY_BUILD_MODE GROUP)
endfunction()
