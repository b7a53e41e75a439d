# What `cmake --install` puts where, and the Debian package that CPack makes of it (./dev package).
#
#   /usr/bin/hilo                       finds its engine by a path relative to itself: ../lib/hilo
#   /usr/lib/hilo/libduckdb.so          the engine: Debian has no package of it
#   /usr/share/man/man1/hilo.1.gz, bash-completion/completions/hilo, zsh/vendor-completions/_hilo
#                                       told by the program itself, at build time
#   /usr/share/doc/hilo/copyright
set(HILO_MAINTAINER "The Hilo maintainers <maintainers@hilo.invalid>" CACHE STRING "Whom the package names")

find_program(GZIP_PROGRAM gzip REQUIRED)
set(_shared ${CMAKE_BINARY_DIR}/share)
# One shell for all: a command that fails must not leave half a file that looks made.
add_custom_command(
  OUTPUT ${_shared}/hilo.1.gz ${_shared}/hilo.bash ${_shared}/_hilo
  COMMAND ${CMAKE_COMMAND} -E make_directory ${_shared}
  COMMAND $<TARGET_FILE:hilo> man > ${_shared}/hilo.1
  COMMAND ${GZIP_PROGRAM} -9nf ${_shared}/hilo.1
  COMMAND $<TARGET_FILE:hilo> completion bash > ${_shared}/hilo.bash
  COMMAND $<TARGET_FILE:hilo> completion zsh > ${_shared}/_hilo
  DEPENDS hilo
  COMMENT "Manual page and completions"
  VERBATIM)
add_custom_target(hilo_shared_files ALL DEPENDS ${_shared}/hilo.1.gz ${_shared}/hilo.bash ${_shared}/_hilo)

set_target_properties(hilo PROPERTIES INSTALL_RPATH "$ORIGIN/../lib/hilo")
install(TARGETS hilo RUNTIME DESTINATION bin)
install(FILES ${DuckDB_LIBRARY} DESTINATION lib/hilo)
install(FILES ${_shared}/hilo.1.gz DESTINATION share/man/man1)
install(FILES ${_shared}/hilo.bash DESTINATION share/bash-completion/completions RENAME hilo)
install(FILES ${_shared}/_hilo DESTINATION share/zsh/vendor-completions)
install(FILES ${CMAKE_SOURCE_DIR}/cmake/copyright DESTINATION share/doc/hilo)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME hilo)
set(CPACK_PACKAGE_VENDOR Hilo)
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "customer data platform: one thread per customer, through time")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION
    "Hilo gathers a retailer's customer data from every silo, works out who is who,
and keeps every customer's whole history, as of any day. Definitions are short
SQL texts in files; everything is computed again from an append-only log.")
set(CPACK_PACKAGE_CONTACT "${HILO_MAINTAINER}")
set(CPACK_PACKAGE_DIRECTORY ${CMAKE_BINARY_DIR}/package)
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION database)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS less)
set(CPACK_DEBIAN_COMPRESSION_TYPE zstd)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
# The engine comes with the package, so it is no dependency of it.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${CMAKE_BINARY_DIR}/engine)
# dpkg-shlibdeps looks for private libraries in folders, and the one that the engine lies in holds more.
file(MAKE_DIRECTORY ${CMAKE_BINARY_DIR}/engine)
get_filename_component(_engine ${DuckDB_LIBRARY} NAME)
file(CREATE_LINK ${DuckDB_LIBRARY} ${CMAKE_BINARY_DIR}/engine/${_engine} SYMBOLIC)
include(CPack)
