#!/usr/bin/env python3
"""Builds a consumer of Watertight in a folder of its own and runs its test.

Every path of the consumer has a space in it. What it builds stands beside the build folder of the project: with equal
relative paths ccache finds there what the project has translated already. Exit code 77: skipped, with the reason on
standard output.
"""

import argparse
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

CONSUMERS = pathlib.Path(__file__).parent / "consumers"

EXAMPLES = CONSUMERS.parents[2] / "examples"

# What each test builds: the consumer's folder, whether it finds an installed package, and whether it brings the
# newer GoogleTest. Of the example only these tests pass; the others show what a failure looks like.
PASSING = {"example": "MultiStage"}
SCENARIOS = {
    "core_only": ("core_only", True, False),
    "core_subdirectory": ("core_subdirectory", False, False),
    "find_package": ("find_package", True, False),
    "example": (EXAMPLES / "app_image_test", True, False),
    "add_subdirectory": ("add_subdirectory", False, False),
    "image_test": (EXAMPLES / "image_test", True, False),
    "image_policy": (EXAMPLES / "image_policy", True, False),
    "fetch_content": (EXAMPLES / "fetch_content", False, False),
    "generator_find_package": ("generator_find_package", True, False),
    "generator_fetch_content": ("generator_fetch_content", False, False),
    "newer_googletest": ("fetch_content", False, True),
    "newer_googletest_installed": ("find_package", True, True),
}


def run(*command, **options):
    print("+", *(str(word) for word in command), flush=True)
    subprocess.run([str(word) for word in command], check=True, stdin=subprocess.DEVNULL, **options)


def configure(source, build, *definitions):
    launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
    run("cmake", "-S", source, "-B", build, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
        "-DWATERTIGHT_WARNINGS_AS_ERRORS=ON", *launcher, *definitions)  # the flags of the presets: ccache hits


def newer_googletest(source):
    """The unpacked sources of a later Debian release's package, or None."""
    folder = os.environ.get("WATERTIGHT_NEWER_GOOGLETEST", source / "build/newer-googletest")
    sources = pathlib.Path(folder).resolve() / "usr/src/googletest"
    return sources if (sources / "CMakeLists.txt").is_file() else None


def build_folder(build):
    return tempfile.TemporaryDirectory(prefix="a consumer ", dir=build.resolve().parent)


def install_anew(source, build, prefix, googletest):
    """Builds the library with the given GoogleTest, and installs it."""
    with build_folder(build) as anew:
        configure(source, anew, f"-DFETCHCONTENT_SOURCE_DIR_GOOGLETEST={googletest}",
                  *(f"-DWATERTIGHT_BUILD_{part}=OFF" for part in ("CLI", "TESTS", "EXAMPLES", "BENCHMARKS")))
        run("cmake", "--build", anew)
        run("cmake", "--install", anew, "--prefix", prefix, stdout=subprocess.DEVNULL)


def use_docker(prefix, work):
    """Puts a `docker` into PATH that has the image site:ci."""
    (work / "bin").mkdir()
    (work / "bin/docker").symlink_to(pathlib.Path(__file__).with_name("generator_docker.py"))
    os.environ |= {"PATH": f"{work / 'bin'}:{os.environ['PATH']}", "GENERATOR_DOCKER": str(work),
                   "WATERTIGHT": str(prefix / "bin/watertight")}
    run("docker", "build", "--tag", "site:ci", EXAMPLES / "image_test")


def consume(scenario, source, build, prefix, work):
    folder, installed, newer = SCENARIOS[scenario]
    definitions = [f"-DIMAGES={source / 'examples/article/images'}"]
    googletest = newer_googletest(source) if newer else None
    if newer and not googletest:
        print("skipped: no newer GoogleTest; 'tests/install/fetch_googletest build/newer-googletest' gets it")
        return 77
    if installed:
        if googletest:
            prefix = work / "the prefix"
            install_anew(source, build, prefix, googletest)
        definitions.append(f"-DCMAKE_PREFIX_PATH={prefix}")
    else:
        definitions += [f"-DWATERTIGHT_SOURCE={source}", f"-DFETCHCONTENT_SOURCE_DIR_WATERTIGHT={source}",
                        "-DFETCHCONTENT_FULLY_DISCONNECTED=ON"]
        if googletest:
            definitions.append(f"-DFETCHCONTENT_SOURCE_DIR_GOOGLETEST={googletest}")
    project = work / "my project"
    project.mkdir()
    shutil.copytree(CONSUMERS / folder, project / "source tree")
    if scenario == "example":
        shutil.copytree(EXAMPLES / "article", project / "article")
    elif isinstance(folder, pathlib.Path):
        use_docker(prefix, work)
    else:
        for test in CONSUMERS.glob("*.cc"):
            shutil.copy(test, project / "source tree")
    with build_folder(build) as own:
        configure(project / "source tree", own, *definitions)
        run("cmake", "--build", own)
        run("ctest", "--test-dir", own, "--output-on-failure", "--no-tests=error", "-R", PASSING.get(scenario, "."))
    return 0


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenario", choices=SCENARIOS)
    parser.add_argument("--source", type=pathlib.Path, required=True)
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--prefix", type=pathlib.Path, required=True, help="where the library as built is installed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="watertight consumer ") as work:
        try:
            return consume(options.scenario, options.source, options.build, options.prefix,
                           pathlib.Path(work))
        except subprocess.CalledProcessError as error:
            print(f"failed: {error}")
            return 1


if __name__ == "__main__":
    sys.exit(main())
