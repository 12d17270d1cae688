#!/usr/bin/env python3
"""The example jobs of many machines: Kubernetes' by their shell commands, Slurm's by Slurm.

usage: jobs_test.py WATERTIGHT EXAMPLES
"""

import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import unittest

from saved_images import layer_of, token, write_image

try:
    import yaml
except ImportError:
    yaml = None

SLURM = ("slurmctld", "slurmd", "sbatch", "munged")
# As root, on any machine: one node of eight processors, whatever there is, and no accounting.
SLURM_CONF = """ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge.socket
CryptoType=crypto/munge
SlurmctldPort={ctld_port}
SlurmdPort={slurmd_port}
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/slurmd.pid
SlurmdSpoolDir={folder}/spool
StateSaveLocation={folder}/state
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
MpiDefault=none
SwitchType=switch/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
ReturnToService=2
NodeName={host} NodeAddr=127.0.0.1 CPUs=8 State=UNKNOWN
PartitionName=all Nodes={host} Default=YES MaxTime=10
"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if what():
            return True
        time.sleep(0.1)
    return False


class JobsTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="watertight-")
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)
        (self.path / "images").mkdir()
        (self.path / "policy.yaml").write_text("version: 1\n")
        for i in range(3):
            content = b"nothing" if i == 1 else token(f"app{i}").encode()
            write_image(self.path / f"images/app{i}.tar", [layer_of({"etc/x": b"x"}), layer_of({"app/x": content})])
        programs = self.path / "bin"
        programs.mkdir()
        (programs / "watertight").symlink_to(PROGRAM)
        plain = {key: value for key, value in os.environ.items() if not key.startswith(("GTEST_", "GITHUB_", "SLURM_"))}
        self.environment = {**plain, "PATH": f"{programs}:/usr/sbin:{os.environ['PATH']}"}

    def whole(self):
        """What one run of all checks says."""
        images = sorted(f"images/{path.name}" for path in (self.path / "images").iterdir())
        result = subprocess.run([PROGRAM, "check", *images, "--policy", "policy.yaml"], capture_output=True, text=True,
                                cwd=self.path, env=self.environment, timeout=300)
        self.assertEqual(result.returncode, 1, result.stderr)
        return result.stdout

    def written(self, total):
        """Each check once, by the shards; and the merged reports are there."""
        made = [(test["image"], test["name"]) for i in range(total)
                for test in json.loads((self.path / f"results/shard-{i}.json").read_text())["tests"]]
        self.assertEqual(len(made), 15)
        self.assertEqual(len(set(made)), 15)
        self.assertIn("<testsuites", (self.path / "results/checks.xml").read_text())
        self.assertEqual(json.loads((self.path / "results/checks.sarif").read_text())["version"], "2.1.0")

    @unittest.skipIf(yaml is None, "python3-yaml is not here")
    def test_kubernetes(self):
        check, merge = (yaml.safe_load((EXAMPLES / f"kubernetes/{name}.yaml").read_text()) for name in ("checks", "merge"))
        pods = []
        for job in check, merge:
            self.assertEqual((job["apiVersion"], job["kind"]), ("batch/v1", "Job"))
            pod = job["spec"]["template"]["spec"]
            self.assertEqual(pod["restartPolicy"], "Never")
            container, = pod["containers"]
            volumes = {volume["name"] for volume in pod["volumes"]}
            self.assertEqual({mount["name"] for mount in container["volumeMounts"]}, volumes)
            mounts = [mount["mountPath"] for mount in container["volumeMounts"]]
            environment = {one["name"]: one["value"] for one in container["env"]}
            for name in environment.keys() & {"SHARED", "POLICY"}:
                self.assertTrue(any(environment[name].startswith(mount) for mount in mounts), name)
            pods.append((container["command"] + container["args"], environment))
        spec = check["spec"]
        self.assertEqual(spec["completionMode"], "Indexed")
        self.assertEqual(str(spec["completions"]), pods[0][1]["GTEST_TOTAL_SHARDS"])
        here = {**self.environment, "SHARED": str(self.path), "POLICY": str(self.path / "policy.yaml")}
        for index in range(spec["completions"]):
            command, environment = pods[0]
            subprocess.run(command, check=True, env={**environment, **here, "JOB_COMPLETION_INDEX": str(index)}, timeout=300,
                           stdout=subprocess.DEVNULL)
        command, environment = pods[1]
        result = subprocess.run(command, capture_output=True, text=True, env={**environment, **here}, timeout=300)
        self.assertEqual((result.returncode, result.stderr), (1, ""))
        self.assertEqual(result.stdout, self.whole())
        self.written(spec["completions"])
        # A pod that cannot do its part fails, so that it is made again.
        (self.path / "images/none.tar").write_text("no image")
        codes = {subprocess.run(pods[0][0], env={**pods[0][1], **here, "JOB_COMPLETION_INDEX": str(index)}, timeout=300,
                                capture_output=True).returncode for index in range(spec["completions"])}
        self.assertEqual(codes, {0, 1})

    def start(self, *words):
        log = open(self.path / f"{words[0]}.out", "wb")
        self.addCleanup(log.close)
        process = subprocess.Popen(words, stdout=log, stderr=log, env=self.environment, cwd=self.path, start_new_session=True)

        def stop():
            process.send_signal(signal.SIGTERM)
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        self.addCleanup(stop)
        return process

    def start_slurm(self):
        folder = self.path / "slurm"
        for name in "spool", "state":
            (folder / name).mkdir(parents=True)
        folder.chmod(0o755)
        self.path.chmod(0o755)
        host = socket.gethostname().split(".")[0]
        conf = folder / "slurm.conf"
        conf.write_text(SLURM_CONF.format(host=host, folder=folder, ctld_port=free_port(), slurmd_port=free_port()))
        self.environment["SLURM_CONF"] = str(conf)
        key = folder / "munge.key"
        key.write_bytes(os.urandom(1024))
        key.chmod(0o600)
        self.start("munged", "--foreground", "--force", f"--key-file={key}", f"--socket={folder}/munge.socket",
                   f"--pid-file={folder}/munge.pid", f"--seed-file={folder}/munge.seed", f"--log-file={folder}/munge.log")
        self.assertTrue(wait_for((folder / "munge.socket").exists), (self.path / "munged.out").read_text())
        self.start("slurmctld", "-D", "-f", str(conf))
        self.start("slurmd", "-D", "-f", str(conf), "-N", host)

        def is_ready():
            state = subprocess.run(["sinfo", "--noheader", "--format=%t"], capture_output=True, text=True,
                                   env=self.environment).stdout
            return state.strip() == "idle"
        logs = [folder / "slurmctld.log", folder / "slurmd.log"]
        self.assertTrue(wait_for(is_ready, 60), "\n".join(log.read_text()[-2000:] for log in logs if log.exists()))

    @unittest.skipUnless(all(shutil.which(name, path="/usr/sbin:/usr/bin:/sbin") for name in SLURM), "Slurm is not here")
    @unittest.skipUnless(os.geteuid() == 0, "Slurm's daemons need root here")
    def test_slurm(self):
        self.start_slurm()
        for name in "check.sbatch", "merge.sbatch":
            shutil.copy(EXAMPLES / "slurm" / name, self.path)

        def submit(*words):
            result = subprocess.run(["sbatch", "--parsable", *words], capture_output=True, text=True, cwd=self.path,
                                    env=self.environment, timeout=120)
            self.assertTrue(result.stdout.strip(), result.stderr)
            return result.stdout.strip().split(";")[0], result.returncode
        array, code = submit("check.sbatch")
        self.assertEqual(code, 0)
        _, code = submit("--wait", f"--dependency=afterany:{array}", "merge.sbatch")
        self.assertEqual(code, 1, (self.path / "checks.log").read_text())
        self.assertEqual((self.path / "checks.log").read_text(), self.whole())
        self.written(8)


if __name__ == "__main__":
    PROGRAM = str(pathlib.Path(sys.argv.pop(1)).resolve())
    EXAMPLES = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
