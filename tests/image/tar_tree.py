"""Makes a folder with all that a tar can hold, for tests of tar readers: tar_tree.py FOLDER

What the machine or the user does not allow (devices, owners, attributes) is left out.
"""

import os
import sys

ROOT = os.fsencode(sys.argv[1])


def path(name):
    full = os.path.join(ROOT, name if isinstance(name, bytes) else name.encode())
    os.makedirs(os.path.dirname(full), exist_ok=True)
    return full


def write(name, content=b"content\n"):
    with open(path(name), "wb") as out:
        out.write(content)
    return path(name)


def allowed(action):
    try:
        action()
    except (OSError, PermissionError):
        pass


write("plain")
write("empty", b"")
write("block", b"x" * 512)
write("block-and-one", b"x" * 513)
write("many-blocks", bytes(range(256)) * 1000)
write("n" * 100)
write("n" * 101)
write("n" * 120)
write("m" * 250)
write("/".join(["d" * 80] * 4) + "/f")
write("p" * 98 + "/s")
write("p" * 99 + "/" + "q" * 99)
write("/".join(["e" * 50] * 3) + "/" + "f" * 100)
write("ü-utf8-名前")
write(b"latin1-\xe9\xff")
write("new\nline")
write("back\\slash")
write(" spaces in  names ")
write("equals=sign")
write("percent%41")
os.makedirs(path("empty-folder"))
os.makedirs(path("g" * 99))
os.makedirs(path("h" * 100))
os.symlink("plain", path("link"))
os.symlink("t" * 100, path("link-100"))
os.symlink("t" * 101, path("link-101"))
os.symlink("u" * 300, path("link-300"))
os.symlink(b"to-\xe9", path("link-latin1"))
os.symlink("/absolute/target", path("link-absolute"))
os.link(path("plain"), path("zz-hard"))
os.link(path("n" * 120), path("zz-hard-to-a-long-name"))
os.mkfifo(path("fifo"))
os.chmod(write("setuid"), 0o4755)
os.chmod(write("setgid"), 0o2711)
os.chmod(write("no-permissions"), 0)
os.makedirs(path("sticky"))
os.chmod(path("sticky"), 0o1777)

# Names of tar headers' own: they are files like others.
write("PaxHeaders/x")
write("@LongLink")

with open(path("sparse"), "wb") as out:
    out.write(b"head" * 1024)
    out.seek(1 << 20)
    out.write(b"middle" * 100)
    out.truncate(3 << 20)
with open(path("sparse-of-many-holes"), "wb") as out:
    for part in range(60):
        out.seek(part * 65536)
        out.write(b"%05d" % part * 900)
    out.truncate(60 * 65536)
with open(path("sparse-empty"), "wb") as out:
    out.truncate(100_000)

for name, seconds in {"t-epoch": 0, "t-one": 1, "t-future": 9_999_999_999, "t-octal-limit": 0o77777777777}.items():
    os.utime(write(name), (seconds, seconds))
for name, nanoseconds in {"t-nanoseconds": 1_646_642_700_123_456_789, "t-tenth": 1_646_642_700_100_000_000,
                          "t-before": -5_000_000_000, "t-before-and-a-bit": -1_500_000_000}.items():
    os.utime(write(name), ns=(nanoseconds, nanoseconds))

allowed(lambda: os.setxattr(write("xattrs"), "user.secret", b"value"))
allowed(lambda: os.setxattr(path("xattrs"), "user.bin", b"\x00\n=\xff bytes"))
allowed(lambda: os.chown(write("big-ids"), 3_000_000, 2_147_483_000))
allowed(lambda: os.chown(write("small-ids"), 1, 2))
allowed(lambda: os.mknod(path("char-device"), 0o020644, os.makedev(1, 3)))
allowed(lambda: os.mknod(path("block-device"), 0o060644, os.makedev(259, 70_000)))
