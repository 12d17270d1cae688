#!/bin/sh
# A test of Bazel that is an installed program: its path and its arguments.
exec "$@"
