"""What is compared, one method a part: each gives tables, whose first row is watertight's and whose other rows are
other ways to call it, and its peers."""

import os
import sys
import tempfile

from comparison import growth, memory
from comparison.inputs import ABSENT_VALUE, Inputs, Shape, bytes_text
from comparison.measure import Budget, Command, NotMeasured, alternate, rows_of
from comparison.peers import PEERS, Tools, scanners

SYSTEM = "programs and documents of this machine"
ONE_FOLDER = "/srv/app/services/package-0/server/routes/components-0/"


class Sizes:
    """What is measured: the sizes of the promises, or small ones for a smoke run."""

    def __init__(self, quick):
        self.layer = Shape(2_000_000, 1, 200) if quick else Shape(1_000_000_000, 1, 20_000)
        self.ten_layers = Shape(2_000_000, 10, 200) if quick else Shape(1_000_000_000, 10, 20_000)
        self.small_layers = Shape(2_000_000, 100, 2_000)
        self.app = Shape(1_000_000, 10, 100) if quick else Shape(100_000_000, 10, 10_000)
        self.many_files = Shape(1_000_000, 20, 2_000) if quick else Shape(1_000_000_000, 20, 1_000_000)
        self.large = Shape(4_000_000, 10, 200) if quick else Shape(4_000_000_000, 10, 80_000)
        self.system = ["usr/share/perl"] if quick else ["usr/share", "usr/bin"]
        self.system_code = ["usr/share/perl"] if quick else ["usr/include", "usr/lib/python3", "usr/lib/python3.11"]
        self.memory_files = [500] if quick else [20_000, 200_000, 950_000]
        self.context_files = 200 if quick else 20_000
        self.context_bytes = 2_000_000 if quick else 1_000_000_000
        self.rules = [10, 100] if quick else [10, 100, 1_000]  # of one's own
        self.structure_tests = [1, 3] if quick else [1, 10, 100]
        self.structure = Shape(1_000_000, 10, 100) if quick else Shape(20_000_000, 10, 2_000)
        self.hole_bytes = 10_000_000 if quick else 4_000_000_000
        self.axes = growth.axes(quick)


def find_program(build, name, places):
    for place in places:
        path = os.path.join(build, place, name)
        if os.access(path, os.X_OK) and os.path.isfile(path):
            return path
    return None


class Comparison:
    def __init__(self, options, folder):
        self.sizes = Sizes(options.quick)
        self.budget = Budget(options.runs, options.seconds, options.limit)
        self.tools = Tools(options.tools)
        self.peers = {peer.name: peer for peer in PEERS}
        self.scanners = {peer.name: peer for peer in scanners()}
        self.watertight = find_program(options.build, "watertight", ["cli", "bin", "."])
        self.maker = find_program(options.build, "make_bench_image", ["bench/performance", "."])
        if self.watertight is None or self.maker is None:
            sys.exit(f"compare: {options.build} holds no watertight and make_bench_image; build them: "
                     "cmake --preset bench && cmake --build --preset bench")
        self.inputs = Inputs(folder, self.maker, options.keep)

    def ours(self, name, *arguments):
        """It ends with 1 when something is found."""
        return Command(f"watertight {name}", (self.watertight, *arguments), exits=(0, 1))

    def beside(self, names, **values):
        peers = self.peers | self.scanners
        return [self.tools.command(peers[name], values) for name in names]

    def run_in_turn(self, commands):
        """What watertight itself cannot do is no figure but an error."""
        results = alternate(commands, self.budget)
        for command in commands:
            result = results[command.name]
            if command.name.startswith("watertight") and isinstance(result, NotMeasured):
                sys.exit(f"compare: {' '.join(command.arguments)}: {result.state}: {result}")
        return rows_of(results)

    def table(self, title, on, commands):
        return {"title": title, "on": on, "rows": self.run_in_turn(commands)}

    def own_folder(self):
        return tempfile.TemporaryDirectory(prefix="watertight-peer-", dir=self.inputs.folder)

    def listing(self):
        for shape in (self.sizes.layer, self.sizes.many_files):
            image = self.inputs.image(shape)
            yield self.table("list the files of an image", shape.text(), [
                self.ours("ls", "ls", image),
                self.ours("ls --format json", "ls", image, "--format", "json"),
                *self.beside(["tar tf"], layer=self.inputs.layer(shape))])

    def gzip(self):
        """One layer that is compressed, as it comes from a registry."""
        shape = self.sizes.layer
        layers = [(shape.text(), self.inputs.packed(self.inputs.layer(shape)), ("ls", "check")),
                  (SYSTEM, self.inputs.packed(self.inputs.system_layer(self.sizes.system, "opt/app")), ("check",))]
        titles = {"ls": "list the files of an image", "check": "every check"}
        for on, layer, commands in layers:
            image = self.inputs.image_of(layer)
            for command in commands:
                yield self.table(titles[command], on + ", gzipped", [
                    self.ours(command, command, image), *self.beside(["igzip -d"], packed=layer)])

    def layers(self):
        for shape in (self.sizes.app, self.sizes.small_layers, self.sizes.large):
            image = self.inputs.image(shape)
            yield self.table("show layers and waste", shape.text(), [
                self.ours("inspect", "inspect", image), *self.beside(["dive --ci"], image=image)])

    def find(self):
        for shape in (self.sizes.layer, self.sizes.ten_layers, self.sizes.large):
            image = self.inputs.image(shape)
            yield self.table("find a value that is nowhere", shape.text(), [
                self.ours("find", "find", image, "--value", ABSENT_VALUE),
                *self.beside(["rg -a -c -F"], image=image, value=ABSENT_VALUE)])

    def check(self):
        """All of the default policy, beside one digest of the same bytes."""
        images = [(shape.text(), self.inputs.image(shape)) for shape in (self.sizes.layer, self.sizes.ten_layers)]
        images.append((SYSTEM, self.inputs.image_of(self.inputs.system_layer(self.sizes.system, "opt/app"))))
        for on, image in images:
            yield self.table("every check", on, [
                self.ours("check", "check", image), *self.beside(["openssl dgst -sha256"], image=image)])

    def scan(self):
        """All of the default policy, beside scanners on the same archive. No path is one that scanners pass over."""
        images = [(self.sizes.app.text(), self.inputs.image(self.sizes.app)),
                  ("headers and modules of this machine, below opt/app",
                   self.inputs.image_of(self.inputs.system_layer(self.sizes.system_code, "opt/app")))]
        for on, image in images:
            with self.own_folder() as own:
                yield self.table("look for secrets", on, [
                    self.ours("check", "check", image),
                    *self.beside(self.scanners, image=image, own=own, home=own, report=os.path.join(own, "report"))])

    def rules(self):
        """Every check with ever more rules of one's own."""
        image = self.inputs.image(self.sizes.layer)
        commands = [self.ours("check", "check", image)]
        for number in self.sizes.rules:
            rules = [f"  - {{id: own-{n}, pattern: 'own{n}_[0-9a-f]{{32}}'}}\n" for n in range(number)]
            policy = self.inputs.write(f"{number}-rules.yaml", "version: 1\nrules:\n" + "".join(rules))
            commands.append(self.ours(f"check, {number:,} rules", "check", "--policy", policy, image))
        yield self.table("every check with rules of one's own", self.sizes.layer.text(), commands)

    def structure(self):
        """Ever more tests of files, half of contents, half of modes."""
        image = self.inputs.image(self.sizes.structure)
        for number in self.sizes.structure_tests:
            contents = [f"- {{name: content {n}, path: {ONE_FOLDER}3-settings.json, expectedContents: ['(?s).']}}\n"
                        for n in range((number + 1) // 2)]
            modes = [f"- {{name: file {n}, path: {ONE_FOLDER}1-createServerComponent.ts, permissions: -rw-r--r--}}\n"
                     for n in range(number // 2)]
            tests = self.inputs.write(f"{number}-structure-tests.yaml", "schemaVersion: 2.0.0\nfileContentTests:\n" +
                                      "".join(contents) + "fileExistenceTests:\n" + "".join(modes))
            plural = "test" if number == 1 else "tests"
            yield self.table(f"{number} structure {plural}", self.sizes.structure.text(), [
                self.ours("check --policy", "check", image, "--policy", tests),
                *self.beside(["container-structure-test"], image=image, tests=tests)])

    def generate(self):
        """A build context into an image."""
        context = self.inputs.context(self.sizes.context_files, self.sizes.context_bytes)
        dockerfile = os.path.join(context, "docker", "Dockerfile")
        with self.own_folder() as own:
            out = os.path.join(own, "generated")
            commands = [self.ours(f"generate, {builder}", "generate", "-f", dockerfile, "--context", context, "--builder",
                                  builder, "--archive", archive, "-o", out + ".tar")
                        for builder, archive in [("buildkit-0.25", "docker-28"), ("classic-20.10", "docker-20"),
                                                 ("buildah-1.28", "podman")]]
            names = [name for name, peer in self.peers.items() if peer.beside == "watertight generate"]
            on = f"{bytes_text(self.sizes.context_bytes)} in {self.sizes.context_files + 1:,} files"
            yield self.table("a build context into an image", on, commands + self.beside(
                names, context=context, dockerfile=dockerfile, out=out, own=os.path.join(own, "storage")))

    def growth_bytes(self):
        yield from growth.tables(self, "bytes")

    def growth_layers(self):
        yield from growth.tables(self, "layers")

    def growth_files(self):
        yield from growth.tables(self, "files")

    def memory(self):
        """Peaks against what is allowed."""
        yield memory.table(self)


PARTS = ("listing", "gzip", "layers", "find", "check", "rules", "structure", "generate", "memory", "scan",
         "growth_bytes", "growth_layers", "growth_files")
