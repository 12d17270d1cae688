"""The images that the configurations beside this file ask about, made with the standard library."""

import hashlib
import io
import json
import tarfile


def tar(entries):
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for fields in entries:
            fields = dict(fields)
            entry = tarfile.TarInfo(fields.pop("name"))
            content = fields.pop("content", b"")
            entry.size = len(content)
            for field, value in fields.items():
                setattr(entry, field, value)
            archive.addfile(entry, io.BytesIO(content))
    return stream.getvalue()


def image(layers, config, pack=bytes):
    """A docker save archive, its layers as pack makes them."""
    tars = [tar(layer) for layer in layers]
    document = json.dumps({
        "architecture": "amd64", "os": "linux", "config": config,
        "rootfs": {"type": "layers", "diff_ids": ["sha256:" + hashlib.sha256(layer).hexdigest() for layer in tars]},
        "history": [{"created_by": f"COPY {index} /"} for index in range(len(tars))]}).encode()
    name = hashlib.sha256(document).hexdigest() + ".json"
    names = [f"{index}.tar" for index in range(len(tars))]
    manifest = json.dumps([{"Config": name, "RepoTags": ["app:ci"], "Layers": names}]).encode()
    members = [{"name": name, "content": document}, {"name": "manifest.json", "content": manifest}]
    return tar(members + [{"name": name, "content": pack(layer)} for name, layer in zip(names, tars)])


def file(name, content=b"", mode=0o644, uid=0, gid=0):
    return {"name": name, "content": content, "mode": mode, "uid": uid, "gid": gid}


def folder(name, mode=0o755):
    return {"name": name, "type": tarfile.DIRTYPE, "mode": mode}


def symlink(name, target):
    return {"name": name, "type": tarfile.SYMTYPE, "linkname": target, "mode": 0o777}


def hardlink(name, target):
    return {"name": name, "type": tarfile.LNKTYPE, "linkname": target}


def app(pack=bytes):
    base = [
        folder("etc"), file("etc/hostname", b"image-host\n"), file("etc/multi", b"one\ntwo\nthree\n"),
        file("etc/only", b"x", 0o600, 1000, 1001), file("etc/bytes", b"a\xff\xfez\n"), file("etc/empty"),
        file("etc/caf\u00e9", b"x"), file("etc/crlf", b"one\r\ntwo\r\n"),
        symlink("etc/absolute", "/etc/hostname"), symlink("etc/relative", "hostname"),
        symlink("etc/broken", "nowhere"), symlink("etc/loop", "loop"), hardlink("etc/hard", "etc/multi"),
        folder("usr"), folder("usr/bin"), symlink("bin", "usr/bin"), file("usr/bin/tool", b"#!/bin/sh\n", 0o4755),
        file("usr/bin/shared", b"#!", 0o2754), file("usr/bin/mine", b"#!", 0o700), folder("tmp", 0o1777),
        {"name": "dev/null", "type": tarfile.CHRTYPE, "devmajor": 1, "devminor": 3, "mode": 0o666},
        {"name": "run/pipe", "type": tarfile.FIFOTYPE, "mode": 0o644},
        folder("hidden"), file("hidden/old"), file("gone"), folder("home"), folder("home/app"),
        file("home/app/settings", b"k=v\n"), folder("locked", 0o555), file("locked/inside", b"y", 0o400),
        folder("usr/share/doc"), folder("usr/share/doc/one"), file("usr/share/doc/one/copyright", b"MIT\n"),
        folder("usr/share/doc/libgnutls30"), file("usr/share/doc/libgnutls30/copyright", b"agpl"),
        file("LICENSE", b"MIT"), file("AGPL.txt", b"the Agpl text"), file("changed", b"before"),
    ]
    above = [file(".wh.gone"), file("hidden/.wh..wh..opq"), file("hidden/new"), file("changed", b"after", 0o640)]
    return image([base, above], {
        "User": "app", "ExposedPorts": {"8080/tcp": {}, "53/udp": {}},
        "Env": ["PATH=/usr/bin", "HOME=/home/app", "EMPTY=", "EQUALS=a=b", "TWICE=first", "TWICE=second"],
        "Entrypoint": ["/usr/bin/tool", "-x"], "Cmd": ["run"], "Volumes": {"/data": {}}, "WorkingDir": "/home/app",
        "Labels": {"a.b": "one", "empty": ""}}, pack)


def bare():
    """Nothing in the configuration."""
    return image([[file("a", b"a")]], {"Env": None, "Cmd": None, "Labels": None})


def licences():
    documents = "usr/share/doc/"
    return image([[
        folder("usr"), folder("usr/share"), folder("usr/share/doc"),
        folder(documents + "without"), file(documents + "without/readme"),
        folder(documents + "bad"), file(documents + "bad/copyright", b"Under the wtfpl.\n"),
        symlink(documents + "linked", "without"), file(documents + "file"),
        file("good", b"Apache"), symlink("also", "good")]], {})


def order():
    """An upper layer with a file of a folder that it does not state, a lower one that states it."""
    return image([[folder("spool", 0o1777)], [file("spool/job", b"x")]], {})


IMAGES = {"app": app, "bare": bare, "licences": licences, "order": order}
