# cmake --install: libraries, public headers, the program, and a package for find_package(watertight).

include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/watertight")

install(TARGETS watertight_core
  EXPORT watertightTargets
  ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
  FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
install(EXPORT watertightTargets NAMESPACE watertight:: DESTINATION "${package_dir}")

# A file of its own: who links watertight::watertight alone needs no GoogleTest.
if(TARGET watertight_gtest)
  install(TARGETS watertight_gtest
    EXPORT watertightGtestTargets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(EXPORT watertightGtestTargets NAMESPACE watertight:: DESTINATION "${package_dir}")
endif()

if(TARGET watertight_generator)
  install(TARGETS watertight_generator
    EXPORT watertightGeneratorTargets
    ARCHIVE DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}"
    FILE_SET HEADERS DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}")
  install(EXPORT watertightGeneratorTargets NAMESPACE watertight:: DESTINATION "${package_dir}")
endif()

if(TARGET watertight)
  install(TARGETS watertight EXPORT watertightProgramTargets RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
  install(EXPORT watertightProgramTargets NAMESPACE watertight:: DESTINATION "${package_dir}")
endif()

configure_package_config_file(
  "${CMAKE_CURRENT_LIST_DIR}/watertightConfig.cmake.in"
  "${PROJECT_BINARY_DIR}/watertightConfig.cmake"
  INSTALL_DESTINATION "${package_dir}"
  NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(
  "${PROJECT_BINARY_DIR}/watertightConfigVersion.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES
  "${PROJECT_BINARY_DIR}/watertightConfig.cmake"
  "${PROJECT_BINARY_DIR}/watertightConfigVersion.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/WatertightImageTest.cmake"
  "${CMAKE_CURRENT_LIST_DIR}/WatertightSaveImage.cmake"
  DESTINATION "${package_dir}")
install(FILES "${PROJECT_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")
