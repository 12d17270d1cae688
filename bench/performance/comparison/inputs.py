"""What is measured on: images, layers and build contexts, made when they are asked for."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from random import Random

ABSENT_VALUE = "Zq7-kVw93LmTx02p"  # which is in no image

def bytes_text(size):
    for unit, name in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB")):
        if size >= unit:
            return f"{size / unit:g} {name}"
    return f"{size} bytes"


@dataclass(frozen=True)
class Shape:
    """An image: files and bytes are those of all layers together."""

    bytes: int
    layers: int
    files: int

    def text(self):
        plural = "layer" if self.layers == 1 else "layers"
        return f"{bytes_text(self.bytes)}, {self.layers} {plural}, {self.files:,} files"

    def name(self):
        return f"{self.bytes}-{self.layers}-{self.files}"

    def arguments(self):
        # Of 20 entries 19 are files and symlinks, one is their folder.
        return ["--layers", self.layers, "--entries", max(1, self.files // self.layers),
                "--bytes", self.bytes // self.layers]


class Inputs:
    def __init__(self, folder, maker, keep):
        self.folder = folder
        self.maker = maker
        self.keep = keep
        self.made = set()

    def path(self, name):
        return os.path.join(self.folder, name)

    def release(self):
        """Removes what was made, unless it is kept for another run."""
        if self.keep:
            return
        for path in self.made:
            if os.path.isdir(path):
                shutil.rmtree(path, ignore_errors=True)
            elif os.path.exists(path):
                os.remove(path)
        self.made.clear()

    def write(self, name, text):
        path = self.path(name)
        self.made.add(path)
        with open(path, "w") as out:
            out.write(text)
        return path

    def once(self, name, make):
        path = self.path(name)
        self.made.add(path)
        if not os.path.exists(path):
            make(path + ".part")
            os.rename(path + ".part", path)
        return path

    def make(self, name, *arguments):
        return self.once(name, lambda part: subprocess.run([self.maker, part, *map(str, arguments)], check=True))

    def image(self, shape):
        return self.make(f"image-{shape.name()}.tar", *shape.arguments())

    def layer(self, shape):
        """The tar of one layer with all of the files."""
        return self.make(f"layer-{shape.name()}.tar", "--bare", *Shape(shape.bytes, 1, shape.files).arguments())

    def packed(self, layer):
        def pack(part):
            with open(part, "wb") as out:
                subprocess.run(["gzip", "-6", "-n", "-c", layer], stdout=out, check=True)
        return self.once(os.path.basename(layer) + ".gz", pack)

    def image_of(self, layer):
        return self.make("image-of-" + os.path.basename(layer) + ".tar", "--layer-file", layer)

    def system_layer(self, folders, below):
        """Files as they are: those of this machine, below a folder of the image."""
        folders = [folder for folder in folders if os.path.isdir(os.path.join("/", folder))]

        def store(part):
            with open(part, "wb") as out:
                subprocess.run(["tar", "cf", "-", "-C", "/", f"--transform=flags=r;s,^,{below}/,", *folders], stdout=out,
                               check=True)
        return self.once("system-" + "-".join(folder.replace("/", "_") for folder in folders) + ".tar", store)

    def context(self, files, size):
        """A build context: half of its bytes in many files, half in one."""
        def fill(part):
            shutil.rmtree(part, ignore_errors=True)
            random = Random(1)
            for number in range(files):
                folder = os.path.join(part, "many", str(number // 100))
                os.makedirs(folder, exist_ok=True)
                with open(os.path.join(folder, f"{number}.bin"), "wb") as out:
                    out.write(random.randbytes(size // 2 // files))
            with open(os.path.join(part, "one.bin"), "wb") as out:
                for _ in range(0, size // 2, 1_000_000):
                    out.write(random.randbytes(1_000_000))
            os.mkdir(os.path.join(part, "docker"))
            with open(os.path.join(part, "docker", "Dockerfile"), "w") as out:
                out.write("FROM scratch\nCOPY many /many\nCOPY one.bin /\n")
        return self.once(f"context-{files}-{size}", fill)
