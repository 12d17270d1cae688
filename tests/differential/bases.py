"""Makes the base images of the corpus: the same bytes for every engine and for watertight's --base.

usage: bases.py FOLDER     writes FOLDER/NAME.tar for each base, in the form that every engine loads

Real engines need a real busybox; where there is none (or `BASES_STUB` is set) a stub takes its place, which is enough
for `watertight generate`: it runs nothing. All times are the start of 2020, so nothing of a base looks newly built.
"""

import functools
import hashlib
import io
import json
import os
import sys
import tarfile

TIME = 1577836800
CREATED = "2020-01-01T00:00:00Z"
BUSYBOX = "/bin/busybox"
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
FOLDER = os.path.dirname(os.path.abspath(__file__))

PASSWD = """root:x:0:0:root:/root:/bin/sh
daemon:x:1:1:daemon:/usr/sbin:/bin/false
www-data:x:33:33:www-data:/var/www:/bin/false
app:x:1000:1001:app:/home/app:/bin/sh
nobody:x:65534:65534:nobody:/home:/bin/false
"""
GROUP = """root:x:0:
daemon:x:1:
www-data:x:33:app
app:x:1001:
staff:x:50:app
nogroup:x:65534:
"""

# (path, mode, owner, content); a path that ends with / is a directory, "-> x" a symbolic link.
SYSTEM = [
    ("dev/", 0o755, (0, 0), None),
    ("etc/", 0o755, (0, 0), None),
    ("etc/group", 0o644, (0, 0), GROUP),
    ("etc/os-release", 0o644, (0, 0), 'NAME="Plain"\nVERSION_ID=1.0\n'),
    ("etc/passwd", 0o644, (0, 0), PASSWD),
    ("home/", 0o755, (0, 0), None),
    ("home/app/", 0o750, (1000, 1001), None),
    ("home/app/.profile", 0o644, (1000, 1001), "export EDITOR=vi\n"),
    ("lib", 0o777, (0, 0), "-> usr/lib"),
    ("proc/", 0o555, (0, 0), None),
    ("root/", 0o700, (0, 0), None),
    ("run/", 0o755, (0, 0), None),
    ("srv/", 0o755, (0, 0), None),
    ("sys/", 0o555, (0, 0), None),
    ("tmp/", 0o1777, (0, 0), None),
    ("usr/", 0o755, (0, 0), None),
    ("usr/bin/", 0o755, (0, 0), None),
    ("usr/lib/", 0o755, (0, 0), None),
    ("usr/lib/libplain.so", 0o777, (0, 0), "-> libplain.so.1"),
    ("usr/lib/libplain.so.1", 0o644, (0, 0), "not really a library\n"),
    ("usr/share/", 0o755, (0, 0), None),
    ("usr/share/doc/", 0o755, (0, 0), None),
    ("usr/share/doc/README", 0o644, (0, 0), "one\ntwo\nthree\n"),
    ("var/", 0o755, (0, 0), None),
    ("var/cache/", 0o755, (0, 0), None),
    ("var/log/", 0o2775, (0, 50), None),
    ("var/log/boot.log", 0o640, (0, 50), "booted\n"),
    ("var/run", 0o777, (0, 0), "-> /run"),
    ("var/tmp/", 0o1777, (0, 0), None),
]
SERVICE = [
    ("data/", 0o755, (1000, 1001), None),
    ("data/seed.txt", 0o644, (1000, 1001), "seed\n"),
    ("srv/", 0o755, (0, 0), None),
    ("srv/app/", 0o755, (1000, 1001), None),
    ("srv/app/server", 0o755, (1000, 1001), "#!/bin/sh\necho serving\n"),
]


def tar_of(rows):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, mode, (uid, gid), content in rows:
            entry = tarfile.TarInfo(path.rstrip("/"))
            entry.mode, entry.uid, entry.gid, entry.mtime = mode, uid, gid, TIME
            data = content.encode() if isinstance(content, str) else content
            if path.endswith("/"):
                entry.type = tarfile.DIRTYPE
            elif isinstance(content, str) and content.startswith("-> "):
                entry.type, entry.linkname, data = tarfile.SYMTYPE, content[3:], None
            entry.size = len(data) if data else 0
            archive.addfile(entry, io.BytesIO(data or b""))
    return stream.getvalue()


@functools.cache
def busybox_program():
    if os.environ.get("BASES_STUB") or not os.path.exists(BUSYBOX):
        return b"stub\n"
    with open(BUSYBOX, "rb") as file:
        return file.read()


def busybox_layers():
    with open(os.path.join(FOLDER, "busybox_applets.txt"), encoding="utf-8") as file:
        applets = file.read().split()
    folder = ("bin/", 0o755, (0, 0), None)
    links = [("bin/" + name, 0o777, (0, 0), "-> /bin/busybox") for name in sorted(applets)]
    return [
        ("/bin/sh -c #(nop) COPY file:" + "7027c779" * 8 + " in /bin/busybox ",
         tar_of([folder, ("bin/busybox", 0o755, (0, 0), busybox_program())])),
        ("/bin/busybox --install -s /bin", tar_of([folder] + links)),
    ]


def step(text):
    return ("/bin/sh -c #(nop)  " + text, None)


@functools.cache
def bases():
    """Name -> (steps as pairs of created_by and layer or None, the fields of `config` that are set)."""
    busybox = busybox_layers()
    system = busybox + [("/bin/sh -c #(nop) ADD file:" + "5a5a0001" * 8 + " in / ", tar_of(SYSTEM)), step('CMD ["/bin/sh"]')]
    service = system + [
        ("/bin/sh -c #(nop) COPY dir:" + "5a5a0002" * 8 + " in / ", tar_of(SERVICE)),
        step("ENV MODE=production EMPTY="), step("LABEL tier=service"), step("EXPOSE 8080"), step("VOLUME [/data]"),
        step("WORKDIR /srv/app"), step("USER app"), step("STOPSIGNAL SIGINT"),
        step('ENTRYPOINT ["/srv/app/server"]'), step('CMD ["--port" "8080"]'),
    ]
    onbuild = system + [step("ONBUILD ARG FLAVOUR=plain"), step("ONBUILD COPY . /src/"),
                        step("ONBUILD RUN echo $FLAVOUR > /flavour")]
    env = {"Env": [PATH]}
    return {
        "base": (busybox, env),
        "system-base": (system, {**env, "Cmd": ["/bin/sh"]}),
        "service-base": (service, {
            "User": "app", "ExposedPorts": {"8080/tcp": {}}, "Env": [PATH, "MODE=production", "EMPTY="],
            "Cmd": ["--port", "8080"], "Volumes": {"/data": {}}, "WorkingDir": "/srv/app",
            "Healthcheck": {"Test": ["CMD-SHELL", "test -e /data/seed.txt"], "Interval": 30000000000, "Retries": 2},
            "Entrypoint": ["/srv/app/server"], "Labels": {"tier": "service"}, "StopSignal": "SIGINT"}),
        "onbuild-base": (onbuild, {**env, "Cmd": ["/bin/sh"], "OnBuild": [
            "ARG FLAVOUR=plain", "COPY . /src/", "RUN echo $FLAVOUR > /flavour"]}),
    }


CLASSIC = {"Hostname": "", "Domainname": "", "User": "", "AttachStdin": False, "AttachStdout": False,
           "AttachStderr": False, "ExposedPorts": None, "Tty": False, "OpenStdin": False, "StdinOnce": False,
           "Env": None, "Cmd": None, "Healthcheck": None, "Image": "", "Volumes": None, "WorkingDir": "",
           "Entrypoint": None, "OnBuild": None, "Labels": None, "StopSignal": None}
LEFT_OUT_WHEN_UNSET = ("ExposedPorts", "Healthcheck", "StopSignal")


def config_of(steps, fields):
    config = {key: fields.get(key, value) for key, value in CLASSIC.items()
              if key in fields or key not in LEFT_OUT_WHEN_UNSET}
    history = [{"created": CREATED, "created_by": text, **({} if layer else {"empty_layer": True})}
               for text, layer in steps]
    diff_ids = ["sha256:" + hashlib.sha256(layer).hexdigest() for _, layer in steps if layer]
    return {"architecture": "amd64", "config": config, "created": CREATED, "docker_version": "20.10.24",
            "history": history, "os": "linux", "rootfs": {"type": "layers", "diff_ids": diff_ids}}


def archive_of_document(name, document, layers):
    """An archive of any configuration; its diff_ids become those of the layers."""
    diff_ids = ["sha256:" + hashlib.sha256(layer).hexdigest() for layer in layers]
    document = {**document, "rootfs": {"type": "layers", "diff_ids": diff_ids}}
    config = json.dumps(document, separators=(",", ":")).encode()
    names = [hashlib.sha256(layer).hexdigest() + ".tar" for layer in layers]
    path_of_config = hashlib.sha256(config).hexdigest() + ".json"
    manifest = json.dumps([{"Config": path_of_config, "RepoTags": [name + ":latest"], "Layers": names}]).encode()
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for path, data in [*zip(names, layers), (path_of_config, config), ("manifest.json", manifest)]:
            entry = tarfile.TarInfo(path)
            entry.size, entry.mtime = len(data), TIME
            archive.addfile(entry, io.BytesIO(data))
    return stream.getvalue()


def archive_of(name, steps, fields):
    return archive_of_document(name, config_of(steps, fields), [layer for _, layer in steps if layer])


def write(folder):
    """The paths of the written archives by name."""
    os.makedirs(folder, exist_ok=True)
    paths = {}
    for name, (steps, fields) in bases().items():
        paths[name] = os.path.join(folder, name + ".tar")
        with open(paths[name], "wb") as file:
            file.write(archive_of(name, steps, fields))
    return paths


if __name__ == "__main__":
    write(sys.argv[1])
