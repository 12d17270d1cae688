# Packages of the system; scripts/setup installs them.

include(FetchContent)
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(LibArchive REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(nlohmann_json 3.11 REQUIRED)
pkg_check_modules(ISAL REQUIRED IMPORTED_TARGET libisal)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)
pkg_check_modules(VECTORSCAN REQUIRED IMPORTED_TARGET libhs)
# Its headers only: framework/image/http.h tells why it is not linked.
pkg_check_modules(CURL QUIET libcurl)
if(NOT CURL_FOUND)
  message(STATUS "libcurl is missing: docker-daemon: references will not be read")
endif()

# A consumer chooses its GoogleTest: its own targets, an installed package, or FETCHCONTENT_SOURCE_DIR_GOOGLETEST.
if((WATERTIGHT_BUILD_GTEST OR WATERTIGHT_BUILD_TESTS OR WATERTIGHT_BUILD_EXAMPLES) AND NOT TARGET GTest::gmock)
  FetchContent_Declare(
    googletest
    URL https://github.com/google/googletest/archive/refs/tags/v1.12.1.tar.gz
    FIND_PACKAGE_ARGS 1.12 GLOBAL NAMES GTest)
  FetchContent_MakeAvailable(googletest)
endif()
