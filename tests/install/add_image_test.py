#!/usr/bin/env python3
"""watertight_add_image_test in projects of a few lines, with the installed package.

    add_image_test.py PREFIX IMAGES

The engines are scripts that note how they are called and "save" a recorded image; buildah is also used as it is, where it
works.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

ENGINE = """#!/bin/sh
# A container engine of one image, whose id is the content of the file `id`.
folder=$(dirname "$0")
echo "$(basename "$0") $*" >>"$folder/calls"
case "$*" in
  *inspect*) cat "$folder/id" ;;
  save*) cp "$folder/image.tar" "$3" ;;
  push*) cp "$folder/image.tar" "${4#docker-archive:}" ;;
  build*) test ! -e "$folder/broken" || { echo "no space left" >&2; exit 1; } ;;
esac
"""

TEST = """
#include <watertight/gtest.h>
TEST(AppImage, NeverStoresTheSecret) { EXPECT_NO_LEAKED_FILE(watertight::TestImage(), "**/secret.txt"); }
TEST(AppImage, IsOpenedOnce) { EXPECT_EQ(&watertight::TestImage(), &watertight::TestImage()); }
"""

DOCKERFILE = """FROM scratch AS leaks
ARG STAGE
ARG SECOND
ENV STAGE=$STAGE SECOND=$SECOND
COPY secret.txt /root/.netrc
FROM scratch AS clean
COPY here.txt /
"""


class Project:
    """A folder with a CMakeLists.txt of the given lines, and its build folder; both have a space in their names."""

    def __init__(self, folder, lines, languages="NONE", find="COMPONENTS program"):
        self.source, self.build = folder / "the source", folder / "the build"
        self.source.mkdir(exist_ok=True)
        self.engines = folder / "engines"
        self.engines.mkdir(exist_ok=True)
        self.write("CMakeLists.txt", f"cmake_minimum_required(VERSION 3.25)\nproject(app LANGUAGES {languages})\n"
                   f"enable_testing()\nfind_package(watertight 0.1 REQUIRED {find})\n" + textwrap.dedent(lines))
        # Everything but the engines of this machine.
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith(("WATERTIGHT_", "GTEST_"))}
        self.environment |= {"CMAKE_PREFIX_PATH": str(PREFIX), "PATH": f"{self.engines}:{TOOLS}"}

    def write(self, name, text):
        (self.source / name).write_text(text)

    def engine(self, name, image, image_id="sha256:1"):
        (self.engines / name).write_text(ENGINE)
        (self.engines / name).chmod(0o755)
        (self.engines / "id").write_text(image_id)
        shutil.copy(IMAGES / image, self.engines / "image.tar")

    def calls(self):
        path = self.engines / "calls"
        return path.read_text().splitlines() if path.exists() else []

    def run(self, *command, **environment):
        return subprocess.run([str(word) for word in command], env=self.environment | environment, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=self.source)

    def configure(self, *options, **environment):
        return self.run("cmake", "-S", self.source, "-B", self.build, "-G", "Ninja", *options, **environment)

    def configured(self, *options, **environment):
        done = self.configure(*options, **environment)
        if done.returncode:
            raise AssertionError(done.stdout)
        return done.stdout

    def ctest(self, *options):
        """The exit code, what was said, and how each test ended."""
        done = self.run("ctest", "--test-dir", self.build, "-j4", "--output-on-failure", *options)
        ends = dict(re.findall(r"Test +#\d+: (\S+) \.*(?: +|\*\*\*)(Passed|Failed|Skipped|Not Run)", done.stdout))
        return done.returncode, done.stdout, ends

    def tests(self, *options):
        """The tests as CTest knows them: their names, and what each property is."""
        done = json.loads(self.run("ctest", "--test-dir", self.build, "--show-only=json-v1", *options).stdout)
        return {test["name"]: {p["name"]: p["value"] for p in test["properties"]} for test in done["tests"]}


def setUpModule():
    """A folder with all programs of the machine but container engines."""
    global TOOLS
    scratch = tempfile.TemporaryDirectory()
    unittest.addModuleCleanup(scratch.cleanup)
    TOOLS = pathlib.Path(scratch.name)
    for place in map(pathlib.Path, os.environ["PATH"].split(":")):
        for program in place.glob("*"):
            if program.name not in ("docker", "podman", "buildah") and not (TOOLS / program.name).is_symlink():
                (TOOLS / program.name).symlink_to(program)


class Case(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="add image test ")
        self.addCleanup(scratch.cleanup)
        self.folder = pathlib.Path(scratch.name)

    def project(self, *arguments, **options):
        return Project(self.folder, *arguments, **options)

    def refused(self, call, *expected, languages="NONE", before=""):
        project = self.project(f"{before}\nwatertight_add_image_test({call})\n", languages=languages)
        for name in ("Dockerfile", "policy.yaml", "app.tar"):
            project.write(name, "")
        shutil.rmtree(project.build, ignore_errors=True)
        done = project.configure()
        self.assertNotEqual(done.returncode, 0, done.stdout)
        said = " ".join(done.stdout.split())
        for text in ("watertight_add_image_test(NAME ", *expected):
            self.assertIn(text, said)


class Mistakes(Case):
    def test_words(self):
        self.refused("NAME app IMAGE app:ci POLICI policy.yaml", "there is no argument POLICI", "POLICY", "SOURCES")
        self.refused("NAME app IMAGE app:ci POLICY", "POLICY has no value")
        self.refused("IMAGE app:ci", "NAME is the name")
        self.refused('NAME "my app" IMAGE app:ci', "NAME is the name")
        self.refused("NAME app IMAGE app:ci TIMEOUT soon", "TIMEOUT is a number of seconds, not 'soon'")

    def test_which_image(self):
        self.refused("NAME app POLICY policy.yaml", "Give one of IMAGE", "Here is none")
        self.refused("NAME app IMAGE app:ci ARCHIVE app.tar", "Here is IMAGE and ARCHIVE")

    def test_words_that_do_not_fit(self):
        self.refused("NAME app IMAGE app:ci CONTEXT .", "CONTEXT goes with DOCKERFILE, which is not given")
        self.refused("NAME app ARCHIVE app.tar BUILD_ARGS A=1", "BUILD_ARGS goes with DOCKERFILE")
        self.refused("NAME app ARCHIVE app.tar ENGINE docker", "ENGINE goes with IMAGE or DOCKERFILE")
        self.refused("NAME app ARCHIVE app.tar LIBRARIES m", "LIBRARIES goes with SOURCES")
        self.refused("NAME app ARCHIVE app.tar SOURCES a.cc POLICY policy.yaml ARGS -v", "once for SOURCES, once for POLICY")

    def test_files_that_are_not_there(self):
        self.refused("NAME app ARCHIVE none.tar", "/none.tar is not there", "docker save", "IMAGE app:ci")
        self.refused("NAME app DOCKERFILE docker/File", "DOCKERFILE", "/docker/File is not there")
        self.refused("NAME app DOCKERFILE Dockerfile CONTEXT none", "CONTEXT", "/none is not there")
        self.refused("NAME app ARCHIVE app.tar POLICY none.yaml", "POLICY", "/none.yaml is not there")

    def test_engines(self):
        self.refused("NAME app IMAGE app:ci ENGINE dokker", "the container engine dokker is not there")
        self.refused("NAME app IMAGE app:ci ENGINE watertight", "builds a DOCKERFILE")

    def test_a_project_without_the_language(self):
        self.refused("NAME app ARCHIVE app.tar SOURCES app.cc", "SOURCES need watertight::gtest")

    def test_a_build_without_tests(self):
        self.refused("NAME app ARCHIVE app.tar", "Call enable_testing() before", before="set(CMAKE_TESTING_ENABLED OFF)")
        project = self.project("set(BUILD_TESTING OFF)\nwatertight_add_image_test(NAME app)\n")
        project.configured()


class Policies(Case):
    """Projects without a language."""

    def test_an_archive_that_passes_and_one_that_fails(self):
        project = self.project(f"""
            set(images "{IMAGES}")
            watertight_add_image_test(NAME clean ARCHIVE "${{images}}/multi-stage.classic.tar")
            watertight_add_image_test(NAME leaks ARCHIVE "${{images}}/copy-then-delete.classic.tar" LABELS slow nightly)
            watertight_add_image_test(NAME reference ARCHIVE "docker-archive:${{images}}/env.buildkit.tar" POLICY policy.yaml
              ARGS --output junit=report.xml TIMEOUT 30)
        """)
        project.write("policy.yaml", "version: 1\nchecks: {ConfigClean: false, HistoryClean: false, NoSecrets: false}\n")
        project.configured()
        code, said, ends = project.ctest()
        self.assertEqual(ends, {"clean": "Passed", "leaks": "Failed", "reference": "Passed"}, said)
        self.assertIn("app/secret.txt: layer 1, deleted in layer 2", said)
        self.assertNotEqual(code, 0)
        self.assertIn("<testsuites", (project.build / "report.xml").read_text())
        tests = project.tests()
        self.assertEqual(tests["leaks"]["LABELS"], ["image", "nightly", "slow"])
        self.assertEqual(tests["clean"]["LABELS"], ["image"])
        self.assertEqual(tests["reference"]["TIMEOUT"], 30)

    def test_an_archive_that_the_build_writes(self):
        project = self.project(f"""
            add_custom_command(OUTPUT app.tar COMMAND cmake -E copy "{IMAGES}/multi-stage.classic.tar" app.tar)
            add_custom_target(app_archive ALL DEPENDS app.tar)
            set_target_properties(app_archive PROPERTIES ARCHIVE "${{CMAKE_CURRENT_BINARY_DIR}}/app.tar")
            watertight_add_image_test(NAME by_name ARCHIVE app.tar)
            watertight_add_image_test(NAME by_expression ARCHIVE $<TARGET_PROPERTY:app_archive,ARCHIVE>)
        """)
        project.configured()
        self.assertEqual(project.run("cmake", "--build", project.build).returncode, 0)
        self.assertEqual(project.ctest()[2], {"by_name": "Passed", "by_expression": "Passed"})

    def test_a_dockerfile_that_the_generator_builds(self):
        project = self.project("""
            watertight_add_image_test(NAME set DOCKERFILE Dockerfile TARGET leaks BUILD_ARGS STAGE=one "SECOND=a;b" POLICY set.yaml)
            watertight_add_image_test(NAME leaks DOCKERFILE Dockerfile TARGET leaks BUILD_ARGS STAGE=one "SECOND=a;b")
            watertight_add_image_test(NAME clean DOCKERFILE Dockerfile CONTEXT context)
        """)
        project.write("Dockerfile", DOCKERFILE)
        project.write("secret.txt", "hunter2\n")
        project.write("set.yaml", "version: 1\nchecks: {HasEnv: {STAGE: one, SECOND: a;b}, NoLeakedFile: false, NoSecrets: false}\n")
        (project.source / "context").mkdir()
        project.write("context/here.txt", "")
        project.configured(WATERTIGHT_CONTAINER_ENGINE="watertight")
        code, said, ends = project.ctest()
        self.assertEqual(ends, {"image/Dockerfile_leaks": "Passed", "image/Dockerfile": "Passed", "set": "Passed",
                                "leaks": "Failed", "clean": "Passed"}, said)
        # Every run builds what the sources are then.
        project.write("Dockerfile", DOCKERFILE.replace("/root/.netrc", "/root/notes"))
        self.assertEqual(project.ctest("-R", "^leaks$")[2], {"image/Dockerfile_leaks": "Passed", "leaks": "Passed"})


class Engines(Case):
    """Scripts in the place of engines."""

    def saving(self, engine, **environment):
        project = self.project("watertight_add_image_test(NAME app IMAGE app:ci)\n"
                               "watertight_add_image_test(NAME again IMAGE app:ci ARGS --strict)\n")
        project.engine(engine, "multi-stage.classic.tar")
        project.configured(**environment)
        code, said, ends = project.ctest()
        self.assertEqual(ends, {"image/app_ci": "Passed", "app": "Passed", "again": "Passed"}, said)
        return project

    def test_an_image_is_saved_once_for_all_its_tests_and_again_when_it_is_another(self):
        for engine in ("docker", "podman"):
            project = self.saving(engine)
            archive = project.build / "watertight_images/app_ci.tar"
            inspect = f"{engine} image inspect --format {{{{.Id}}}} app:ci"
            calls = project.calls()
            self.assertEqual(calls[0], inspect)
            self.assertRegex(calls[1], f"^{engine} save --output {re.escape(str(archive))}[.]\\w+ app:ci$")
            self.assertEqual(len(calls), 2)
            self.assertEqual(project.ctest()[0], 0)
            self.assertEqual(project.calls()[2:], [inspect])
            project.engine(engine, "copy-then-delete.classic.tar", "sha256:2")
            self.assertEqual(project.ctest()[2], {"image/app_ci": "Passed", "app": "Failed", "again": "Failed"})
            self.assertEqual(archive.read_bytes(), (IMAGES / "copy-then-delete.classic.tar").read_bytes())
            self.assertEqual(sorted(path.name for path in archive.parent.iterdir()), ["app_ci.tar", "app_ci.tar.id"])
            shutil.rmtree(project.build)
            shutil.rmtree(project.engines)

    def test_buildah_has_words_of_its_own(self):
        project = self.saving("buildah")
        self.assertEqual(project.calls()[0], "buildah inspect --type image --format {{.FromImageID}} app:ci")
        self.assertRegex(project.calls()[1], r"^buildah push --quiet app:ci docker-archive:\S.*/app_ci.tar\.\w+$")

    def test_which_engine(self):
        project = self.project("watertight_add_image_test(NAME one IMAGE one)\n"
                               "watertight_add_image_test(NAME two IMAGE two ENGINE buildah)\n")
        for engine in ("docker", "podman", "buildah"):
            project.engine(engine, "multi-stage.classic.tar")
        for options, environment, expected in (([], {}, "docker"), ([], {"WATERTIGHT_CONTAINER_ENGINE": "podman"}, "podman"),
                                               (["-DWATERTIGHT_CONTAINER_ENGINE=docker"],
                                                {"WATERTIGHT_CONTAINER_ENGINE": "podman"}, "docker")):
            project.configured(*options, **environment)
            project.ctest()
            self.assertEqual({call.split()[0] for call in project.calls() if call.endswith("} one")}, {expected})
            self.assertEqual({call.split()[0] for call in project.calls() if call.endswith("} two")}, {"buildah"})
            (project.engines / "calls").unlink()

    def test_without_an_engine_tests_are_skipped_and_say_why(self):
        project = self.project("watertight_add_image_test(NAME app IMAGE app:ci)\n")
        reason = "no container engine (docker, podman or buildah) is here"
        self.assertIn(f"app is skipped: {reason}", project.configured())
        code, said, ends = project.ctest("-V")
        self.assertEqual((code, ends), (0, {"app": "Skipped"}), said)
        self.assertIn(f"skipped: {reason}", said)
        # Named, it must be there.
        done = project.configure(WATERTIGHT_CONTAINER_ENGINE="docker")
        self.assertNotEqual(done.returncode, 0)
        self.assertIn("the container engine docker is not there", " ".join(done.stdout.split()))

    def test_a_build_and_one_that_fails(self):
        project = self.project("watertight_add_image_test(NAME app DOCKERFILE docker/File CONTEXT . TARGET last BUILD_ARGS A=1)\n")
        (project.source / "docker").mkdir()
        project.write("docker/File", "")
        project.engine("docker", "multi-stage.classic.tar")
        project.configured()
        self.assertEqual(project.ctest()[0], 0)
        tag = re.search(r" --tag (watertight-[0-9a-f]{12}/docker_file_last:test) ", project.calls()[0])
        self.assertEqual(project.calls()[0].rstrip("/"), f"docker build --file {project.source}/docker/File --tag {tag and tag[1]} "
                         f"--target last --build-arg A=1 {project.source}")
        (project.engines / "broken").touch()
        code, said, ends = project.ctest()
        self.assertEqual(ends, {"image/docker_File_last": "Failed", "app": "Not Run"})
        self.assertIn("no space left", said)
        self.assertIn("docker cannot build", said)


    @unittest.skipUnless(shutil.which("buildah"), "no buildah; scripts/setup --dev installs it")
    def test_buildah_itself(self):
        project = self.project("""
            watertight_add_image_test(NAME leaks DOCKERFILE Dockerfile TARGET leaks BUILD_ARGS "STAGE=a b" "SECOND=c;d")
            watertight_add_image_test(NAME set DOCKERFILE Dockerfile TARGET leaks BUILD_ARGS "STAGE=a b" "SECOND=c;d" POLICY set.yaml)
            watertight_add_image_test(NAME clean DOCKERFILE Dockerfile)
        """)
        project.write("Dockerfile", DOCKERFILE)
        project.write("set.yaml", "version: 1\nchecks: {HasEnv: {STAGE: a b, SECOND: c;d}, NoLeakedFile: false}\n")
        project.write("secret.txt", "hunter2\n")
        project.write("here.txt", "")
        project.write("storage.conf", f'[storage]\ndriver = "vfs"\nrunroot = "{self.folder}/run"\ngraphroot = "{self.folder}/root"\n')
        project.environment |= {"CONTAINERS_STORAGE_CONF": str(project.source / "storage.conf"), "BUILDAH_ISOLATION": "chroot"}
        project.configured(WATERTIGHT_CONTAINER_ENGINE=shutil.which("buildah"))
        expected = {"image/Dockerfile_leaks": "Passed", "image/Dockerfile": "Passed", "leaks": "Failed", "set": "Passed",
                    "clean": "Passed"}
        code, said, ends = project.ctest()
        self.assertEqual(ends, expected, said)
        code, said, ends = project.ctest("-V")
        self.assertEqual(ends, expected, said)
        self.assertEqual(len(re.findall("holds watertight-.* already", said)), 2, said)


class Programs(Case):
    """Tests in C++."""

    def test_discovery_needs_no_image_and_tests_get_it(self):
        project = self.project("""
            watertight_add_image_test(NAME app SOURCES app.cc POLICY policy.yaml IMAGE app:ci LABELS slow nightly TIMEOUT 60)
            watertight_add_image_test(NAME sealed SOURCES sealed.cc ARCHIVE "later.tar" ARGS --gtest_repeat=2)
        """.replace("later.tar", str(self.folder / "the build/later.tar")), languages="CXX", find="COMPONENTS gtest")
        for name in ("app.cc", "sealed.cc"):
            project.write(name, TEST)
        project.write("policy.yaml", "version: 1\nchecks: {NoLeakedFile: false, NoSecrets: false}\n")
        project.engine("docker", "copy-then-delete.classic.tar")
        launcher = ["-DCMAKE_CXX_COMPILER_LAUNCHER=ccache"] if shutil.which("ccache") else []
        project.configured("-G", "Ninja Multi-Config", *launcher)
        self.assertFalse(project.run("cmake", "--build", project.build, "--config", "Release").returncode)
        self.assertEqual(project.calls(), [])
        shutil.copy(IMAGES / "multi-stage.classic.tar", project.build / "later.tar")
        tests = project.tests("-C", "Release")
        self.assertEqual(sorted(tests), ["app.AppImage.IsOpenedOnce", "app.AppImage.NeverStoresTheSecret", "app.policy",
                                         "image/app_ci", "sealed.AppImage.IsOpenedOnce", "sealed.AppImage.NeverStoresTheSecret"])
        one = tests["app.AppImage.IsOpenedOnce"]
        self.assertEqual(one["LABELS"], ["image", "nightly", "slow"])
        self.assertEqual(one["FIXTURES_REQUIRED"], ["image/app_ci"])
        self.assertEqual(one["TIMEOUT"], 60)
        self.assertEqual(one["ENVIRONMENT"], [f"WATERTIGHT_IMAGE={project.build}/watertight_images/app_ci.tar"])
        code, said, ends = project.ctest("-C", "Release")
        self.assertEqual({name for name in ends if ends[name] != "Passed"}, {"app.AppImage.NeverStoresTheSecret"}, said)
        self.assertEqual(len(ends), 6)
        self.assertIn("layer 1  stores", said)
        self.assertEqual(len([call for call in project.calls() if " save " in call]), 1)
        # By hand.
        program = project.build / "Release/app"
        self.assertIn("WATERTIGHT_IMAGE is not set, and names no image to test", project.run(program).stdout)
        self.assertEqual(project.run(program, WATERTIGHT_IMAGE=str(project.build / "later.tar")).returncode, 0)


if __name__ == "__main__":
    IMAGES = pathlib.Path(sys.argv.pop()).resolve()
    PREFIX = pathlib.Path(sys.argv.pop()).resolve()
    unittest.main()
