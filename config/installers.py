"""Something that installs packages into our environment: whichever of several this machine has.

Standard library only.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from config.trouble import Trouble

Install = Callable[[Path], None]
_PIP_OPTIONS = ["--disable-pip-version-check", "--no-input", "--quiet"]


def find_installer(python: Path) -> Install:
    """Return a function that installs a lock, by hash, into the environment of this Python.

    Tries its own pip, one made by `ensurepip`, the pip of another Python, `uv`, and the system's packages.
    Raises: Trouble, saying what to install.
    """
    own = [str(python), "-m", "pip"]
    if _works([*own, "--version"]) or (_works([str(python), "-m", "ensurepip"]) and _works([*own, "--version"])):
        return _by_pip(own)
    found = _foreign_pip(python) or _uv(python)
    if found is None and _system_installs("python3-pip", "python3-venv"):
        found = _foreign_pip(python)
    if found is None:
        raise Trouble(
            f"Python {sys.version_info[0]}.{sys.version_info[1]} here has neither pip nor ensurepip: "
            "install pip (on Debian or Ubuntu: apt install python3-pip python3-venv), then try again."
        )
    return found


def _foreign_pip(python: Path) -> Install | None:
    base = getattr(sys, "_base_executable", sys.executable)
    for candidate in (base, shutil.which("python3"), "/usr/bin/python3"):
        command = [str(candidate), "-m", "pip", "--python", str(python)]
        if candidate and _works([*command, "--version"]):
            return _by_pip(command)
    return None


def _by_pip(pip: list[str]) -> Install:
    def install(lock: Path) -> None:
        _run([*pip, *_PIP_OPTIONS, "install", "--require-hashes", "--prefer-binary", "-r", str(lock)])

    return install


def _uv(python: Path) -> Install | None:
    uv = shutil.which("uv")
    if uv is None:
        return None

    def install(lock: Path) -> None:
        _run([uv, "pip", "install", "--quiet", "--python", str(python), "--require-hashes", "-r", str(lock)])

    return install


def system_command(*packages: str) -> list[str] | None:
    """Return the command that installs packages of the system, where we may do so without asking for a password."""
    if shutil.which("apt-get") is None:
        return None
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=120", *packages]
    if os.geteuid() == 0:
        return install
    may = shutil.which("sudo") is not None and _works(["sudo", "-n", "true"])
    return ["sudo", "-n", *install] if may else None


def _system_installs(*packages: str) -> bool:
    command = system_command(*packages)
    return command is not None and _works(command)


def _run(command: list[str]) -> None:
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode != 0:
        told = [line for line in done.stdout.splitlines() if line.strip() and not line.startswith("WARNING:")]
        print("\n".join(told[-5:]), file=sys.stderr)
        if "No space left on device" in done.stdout:
            raise Trouble("The disk is full: free at least 500 MB for the packages, then try again.")
        raise Trouble("Installing the packages failed, for the reason above: see to it (network?), then try again.")


def _works(command: list[str]) -> bool:
    try:
        return subprocess.run(command, check=False, capture_output=True, stdin=subprocess.DEVNULL).returncode == 0
    except OSError:
        return False
