# Writes the archive of an image, for the fixtures of watertight_add_image_test:
#
#   cmake -DENGINE=/usr/bin/docker -DENGINE_NAME=docker -DTAG=app:ci -DARCHIVE=app.tar \
#     [-DDOCKERFILE=F -DCONTEXT=D -DTARGET=STAGE] -P WatertightSaveImage.cmake -- [NAME=VALUE…]
#
# With DOCKERFILE the image is built first; the words behind -- are its build arguments. The archive is replaced in one
# step, and left alone when the engine has still the image that it holds.

cmake_policy(VERSION 3.25)

# Runs the engine; what it says goes to the test's output. `output` is then what it wrote, where that is asked for.
function(engine)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "OUTPUT;FAILURE" "COMMAND")
  set(capture "")
  if(arg_OUTPUT)
    set(capture OUTPUT_VARIABLE output OUTPUT_STRIP_TRAILING_WHITESPACE)
  endif()
  execute_process(COMMAND "${ENGINE}" ${arg_COMMAND} RESULT_VARIABLE code ${capture})
  if(NOT code EQUAL 0)
    if(fresh)
      file(REMOVE "${fresh}")
    endif()
    message(FATAL_ERROR "${ENGINE_NAME} ${arg_FAILURE}; what it said stands above. WATERTIGHT_CONTAINER_ENGINE names "
                        "another engine.")
  endif()
  if(arg_OUTPUT)
    set(${arg_OUTPUT} "${output}" PARENT_SCOPE)
  endif()
endfunction()

set(options "")
if(TARGET)
  list(APPEND options --target "${TARGET}")
endif()
set(behind FALSE)
math(EXPR last "${CMAKE_ARGC} - 1")
foreach(index RANGE ${last})
  if(behind)
    string(REPLACE ";" "\\;" word "${CMAKE_ARGV${index}}")
    list(APPEND options --build-arg "${word}")
  elseif(CMAKE_ARGV${index} STREQUAL "--")
    set(behind TRUE)
  endif()
endforeach()

cmake_path(GET ARCHIVE PARENT_PATH folder)
file(MAKE_DIRECTORY "${folder}")

if(ENGINE_NAME STREQUAL "watertight")
  engine(COMMAND generate --dockerfile "${DOCKERFILE}" --context "${CONTEXT}" ${options} --tag "${TAG}"
    --output "${ARCHIVE}" FAILURE "cannot build ${DOCKERFILE}")
  return()
endif()

# Buildah has words of its own; podman, and whatever else there is, has docker's.
string(RANDOM LENGTH 12 unique)
set(fresh "${ARCHIVE}.${unique}")
set(identify image inspect --format "{{.Id}}" "${TAG}")
set(save save --output "${fresh}" "${TAG}")
set(build build)
if(ENGINE_NAME STREQUAL "buildah")
  set(identify inspect --type image --format "{{.FromImageID}}" "${TAG}")
  set(save push --quiet "${TAG}" "docker-archive:${fresh}")
  set(build build --layers)  # the same image from the same sources
endif()

if(DOCKERFILE)
  engine(COMMAND ${build} --file "${DOCKERFILE}" --tag "${TAG}" ${options} "${CONTEXT}"
    FAILURE "cannot build ${DOCKERFILE}")
endif()
engine(COMMAND ${identify} OUTPUT id FAILURE "has no image ${TAG}")
set(saved "")
if(EXISTS "${ARCHIVE}" AND EXISTS "${ARCHIVE}.id")
  file(READ "${ARCHIVE}.id" saved)
endif()
if(id STREQUAL saved)
  message(STATUS "${ARCHIVE} holds ${TAG} already, ${id}")
  return()
endif()
file(REMOVE "${ARCHIVE}.id")
engine(COMMAND ${save} FAILURE "cannot save ${TAG}")
file(RENAME "${fresh}" "${ARCHIVE}")
file(WRITE "${ARCHIVE}.id" "${id}")
message(STATUS "${ARCHIVE} holds ${TAG}, ${id}")
