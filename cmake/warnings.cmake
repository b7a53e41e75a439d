# One interface target that every target of Hilo links: warnings, sanitizers, include root.
add_library(hilo_options INTERFACE)
target_include_directories(hilo_options INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(hilo_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion
                                              -Wnon-virtual-dtor -Woverloaded-virtual -fno-omit-frame-pointer)
# gcc 12 sees overlapping copies where std::string has none (GCC bug 105329) and unset values behind a checked
# std::expected (GCC bug 105562); clang-tidy still looks at every file.
target_compile_options(hilo_options INTERFACE $<$<CXX_COMPILER_ID:GNU>:-Wno-restrict>
                                              $<$<CXX_COMPILER_ID:GNU>:-Wno-maybe-uninitialized>)
if(HILO_WERROR)
  target_compile_options(hilo_options INTERFACE -Werror)
endif()
if(HILO_SANITIZE)
  target_compile_options(hilo_options INTERFACE -fsanitize=${HILO_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(hilo_options INTERFACE -fsanitize=${HILO_SANITIZE})
endif()
if(HILO_COVERAGE)
  target_compile_options(hilo_options INTERFACE --coverage)
  target_link_options(hilo_options INTERFACE --coverage)
endif()
