"""build.py: the zip, the versions, the requirements, bad input, and the style of the code itself."""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import io
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import pytest
from waiting import HUNG

from tools import blenders, checks, environments, package, sbom, terminal, toml, turns, version
from tools.commands import COMMANDS, main, parser


@pytest.fixture(scope="module")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return package.build(tmp_path_factory.mktemp("dist"))


def build_py(root: Path, *arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, str(root / "build.py"), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=HUNG, **options)  # type: ignore[call-overload,no-any-return]


# The zip


def test_zip_has_one_folder_with_everything_an_installed_addon_needs(zipped: Path) -> None:
    names = zipfile.ZipFile(zipped).namelist()
    assert {name.split("/")[0] for name in names} == {"talking_animation"}
    for needed in (
        "__init__.py",
        "blender_manifest.toml",
        "engine/inference/worker.py",
        "engine/inference/pipeline.py",
        "sample/hello.wav",
        "manual/user-guide.html",
        "manual/images/panel.png",
        "LICENSE",
        "LICENSES/GPL-3.0-or-later.txt",
        "LICENSES/MIT.txt",
        "LICENSES/Apache-2.0.txt",
        "LICENSES/CC0-1.0.txt",
        "engine/checkpoints/face.npz",
    ):
        assert f"talking_animation/{needed}" in names
    assert any(re.fullmatch(r"talking_animation/engine/checkpoints/.+\.npz", name) for name in names)
    assert zipped.stat().st_size < 15_000_000


def test_zip_holds_nothing_that_does_not_belong(zipped: Path) -> None:
    for name in zipfile.ZipFile(zipped).namelist():
        assert "__pycache__" not in name
        assert "/training/" not in name
        assert "/tests/" not in name
        assert not name.endswith((".pyc", ".pt", ".pkl", ".so", ".blend1"))


def test_zip_is_the_same_bytes_every_time(zipped: Path, tmp_path: Path) -> None:
    again = package.build(tmp_path)
    assert again.read_bytes() == zipped.read_bytes()
    written = again.with_name(again.name + ".sha256").read_text(encoding="ascii")
    assert written == f"{hashlib.sha256(zipped.read_bytes()).hexdigest()}  {zipped.name}\n"


def test_the_bill_of_materials_names_every_file_with_its_licence(zipped: Path, tmp_path: Path) -> None:
    path = zipped.with_suffix(".cdx.json")
    told = json.loads(path.read_text(encoding="utf-8"))
    assert (told["bomFormat"], told["specVersion"]) == ("CycloneDX", "1.6")
    whole = hashlib.sha256(zipped.read_bytes()).hexdigest()
    assert told["metadata"]["component"]["hashes"] == [{"alg": "SHA-256", "content": whole}]
    archive = zipfile.ZipFile(zipped)
    listed = {}
    for part in told["components"]:
        for file in part.get("components", []):
            assert file["name"] not in listed
            listed[file["name"]] = part["licenses"][0]["expression"]
            content = archive.read(f"talking_animation/{file['name']}")
            assert file["hashes"][0]["content"] == hashlib.sha256(content).hexdigest()
    assert set(listed) == {name.partition("/")[2] for name in archive.namelist()}
    assert (
        listed["engine/checkpoints/face.npz"] == "Apache-2.0" and listed["__init__.py"] == "GPL-3.0-or-later"
    )
    assert listed["engine/inference/worker.py"] == "MIT" and listed["sample/hello.wav"] == "CC0-1.0"
    packages = [part["purl"] for part in told["components"] if part.get("scope") == "optional"]
    assert "pkg:pypi/torch@2.13.0" in packages and any(
        name.startswith("pkg:pypi/scipy@") for name in packages
    )
    references = [part["bom-ref"] for part in told["components"]]
    assert len(set(references)) == len(references)
    assert package.build(tmp_path).with_suffix(".cdx.json").read_bytes() == path.read_bytes()


def test_whatever_ships_has_a_licence_whose_text_ships_too(root: Path) -> None:
    """Each file is of a part of the bill; a source that names its licence, and the card of weights, name the same."""
    texts = {path.stem for path in (root / "LICENSES").iterdir()} | {"LicenseRef-Public-Domain"}
    for name, path in package.contents().items():
        below = name.partition("/")[2]
        licence = sbom.part_of(below).licence
        assert set(licence.split(" AND ")) <= texts, f"{below}: the text of {licence} belongs into LICENSES/"
        if path.suffix == ".py":
            told = re.search(
                r"^# SPDX-License-Identifier: (.+)$", path.read_text(encoding="utf-8"), re.MULTILINE
            )
            assert told is None or told[1] == licence, below
        if path.parent.name == "checkpoints" and path.suffix == ".npz":
            card = path.with_suffix(".md").read_text(encoding="utf-8")
            wanted = f"Licence: {licence}"
            assert re.search(rf"^{re.escape(wanted)}[.,]", card, re.MULTILINE), (
                f"{path.stem}.md lacks '{wanted}.'"
            )


def test_zip_does_not_depend_on_the_clone(zipped: Path, root: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere"
    for target, path in package.contents().items():
        del target
        place = copy / path.relative_to(root)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
        place.chmod(0o600)
    shutil.copytree(root / "docs", copy / "docs")  # the manual is made of it
    (copy / "inference" / "__pycache__").mkdir()
    (copy / "inference" / "__pycache__" / "x.pyc").write_bytes(b"no")
    assert package.build(tmp_path / "dist", copy).read_bytes() == zipped.read_bytes()


def test_zip_timestamps_and_permissions_are_fixed(zipped: Path) -> None:
    entries = zipfile.ZipFile(zipped).infolist()
    assert [entry.filename for entry in entries] == sorted(entry.filename for entry in entries)
    assert {entry.date_time for entry in entries} == {(1980, 1, 1, 0, 0, 0)}
    assert {entry.external_attr for entry in entries} == {0o100644 << 16}


def test_blender_accepts_the_zip_as_an_extension(zipped: Path) -> None:
    tools = sorted(
        environments.ENV.glob(
            "bpy-*/lib/python3*/site-packages/bpy/*/scripts/addons_core/bl_pkg/cli/blender_ext.py"
        )
    )
    if not tools:
        pytest.skip("there is no bpy wheel in .env/")
    for tool in tools:
        told = subprocess.run(
            [sys.executable, str(tool), "validate", str(zipped)], capture_output=True, text=True, check=False
        )
        assert told.returncode == 0, told.stdout + told.stderr


def test_whoever_publishes_the_zip_names_its_website(zipped: Path, tmp_path: Path) -> None:
    name = "talking_animation/blender_manifest.toml"
    address = "https://example.org/talking-animation?from=blender"
    built = package.build(tmp_path, website=address)
    (tmp_path / "manifest.toml").write_bytes(zipfile.ZipFile(built).read(name))
    told = toml.read(tmp_path / "manifest.toml")
    (tmp_path / "plain.toml").write_bytes(zipfile.ZipFile(zipped).read(name))
    assert told == {**toml.read(tmp_path / "plain.toml"), "website": address}
    for wrong in (
        "example.org",
        "https://",
        'https://example.org/"',
        "https://example.org/a b",
        "ftp://example.org",
    ):
        with pytest.raises(terminal.BuildError, match="is no address"):
            package.build(tmp_path / "dist", website=wrong)
    assert not (tmp_path / "dist").exists()


def test_without_the_addon_the_zip_is_refused(tmp_path: Path) -> None:
    (tmp_path / "LICENSE").write_text("x")
    with pytest.raises(terminal.BuildError, match=r"would hold no __init__\.py"):
        package.build(tmp_path / "dist", tmp_path)


# Versions and requirements


def test_every_version_number_agrees(root: Path) -> None:
    for place in version.PLACES:
        assert set(place.found()) == {version.current()}, place.path
    assert package.version() == version.current()
    tree = ast.parse((root / "blender_addon" / "__init__.py").read_text(encoding="utf-8"))
    assigned = [
        node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id == "bl_info"
    ]
    assert ".".join(map(str, ast.literal_eval(assigned[0])["version"])) == version.current()
    project = toml.read(root / "pyproject.toml")
    assert project["project"]["dynamic"] == ["version"] and "version" not in project["project"]
    assert project["tool"]["setuptools"]["dynamic"]["version"] == {"attr": "inference.__version__"}


def test_a_version_is_written_everywhere(root: Path, tmp_path: Path) -> None:
    before = {}
    for place in version.PLACES:
        copy = tmp_path / place.path
        copy.parent.mkdir(parents=True, exist_ok=True)
        before[copy] = (root / place.path).read_bytes()
        copy.write_bytes(before[copy])
    version.write("12.0.34", tmp_path)
    for place in version.PLACES:
        assert set(place.found(tmp_path)) == {"12.0.34"}
    assert '"version": (12, 0, 34),' in (tmp_path / "blender_addon" / "__init__.py").read_text("utf-8")
    version.write(version.current(root), tmp_path)
    assert all(copy.read_bytes() == data for copy, data in before.items())
    with pytest.raises(terminal.BuildError, match=r"^1\.2 is no version"):
        version.write("1.2", tmp_path)
    (tmp_path / "README.md").write_text("no zip")
    with pytest.raises(terminal.BuildError, match=r"^README\.md names no version"):
        version.write("9.9.9", tmp_path)
    assert version.current(tmp_path) == version.current(root), "it was written in part"


def test_requirements_are_the_lists_of_pyproject(root: Path) -> None:
    listed = toml.read(root / "pyproject.toml")["project"]["optional-dependencies"]
    for name in listed:
        assert environments.requirements(name) == sorted(set(listed[name])), name
    both = environments.requirements("full", "training")
    assert both == sorted({*listed["full"], *listed["training"]})
    with pytest.raises(terminal.BuildError, match="no requirements called nothing, naught"):
        environments.requirements("full", "nothing", "naught")


def test_toml_that_cannot_be_read_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(terminal.BuildError, match=r"none\.toml cannot be read: No such file"):
        toml.read(tmp_path / "none.toml")
    bad = tmp_path / "bad.toml"
    bad.write_text("[project\n")
    with pytest.raises(terminal.BuildError, match=r"bad\.toml is no TOML"):
        toml.read(bad)
    monkeypatch.setattr(toml.sys, "version_info", (3, 10, 4))
    monkeypatch.setitem(sys.modules, "pip._vendor", None)
    with pytest.raises(terminal.BuildError, match=r"Python 3\.10 reads TOML only with pip"):
        toml.read(bad)


def test_wheels_are_pinned_to_the_versions_that_are_tested() -> None:
    for (major, minor), number in blenders.WHEELS.items():
        assert f"bpy=={number}" in environments.requirements(f"blender-{major}.{minor}")


def test_an_environment_that_satisfies_is_not_installed_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environments, "ENV", tmp_path)
    monkeypatch.setattr(environments, "requirements", lambda *extras: ["pytest>=7"])
    (tmp_path / "here" / "bin").mkdir(parents=True)
    program = environments.python_of(tmp_path / "here")
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" "$@"\n')
    program.chmod(0o755)

    def never(*arguments: object, **options: object) -> str:
        raise AssertionError("it was installed again")

    monkeypatch.setattr(environments, "run", never)
    assert environments.environment("here", ["any"]) == program
    assert (tmp_path / "here" / ".requirements").exists()
    monkeypatch.setattr(environments, "requirements", lambda *extras: ["pytest>=999"])
    with pytest.raises(AssertionError, match="installed again"):
        environments.environment("here", ["any"])


def test_two_runs_in_one_folder_take_turns(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Both filled the same environment, and one failed over what the other had half made."""
    waits, said, order = threading.Event(), [], []

    def say(text: str) -> None:
        said.append(text)
        waits.set()

    monkeypatch.setattr(turns, "say", say)

    def other() -> None:
        with turns.turn(tmp_path / "turns" / "picture", ".env/picture"):
            order.append("other")

    waiting = threading.Thread(target=other)
    with turns.turn(tmp_path / "turns" / "picture", ".env/picture"):
        waiting.start()
        assert (
            waits.wait(HUNG) and "Another build.py works at .env/picture in this folder: waiting" in said[0]
        )
        with turns.turn(tmp_path / "turns" / "full", ".env/full"):
            order.append("first")
    waiting.join(HUNG)
    assert order == ["first", "other"] and len(said) == 1
    (tmp_path / "file").touch()
    with (
        pytest.raises(terminal.BuildError, match="cannot be written"),
        turns.turn(tmp_path / "file" / "a", "a"),
    ):
        pass


# Bad input: one sentence, an exit code


def test_help_of_every_command(root: Path) -> None:
    assert build_py(root, "--help").returncode == 0
    for command in COMMANDS:
        told = build_py(root, command.name, "--help")
        assert told.returncode == 0
        assert f"build.py {command.name}" in told.stdout


def test_unknown_command_is_refused(root: Path) -> None:
    told = build_py(root, "dance")
    assert told.returncode == 2
    assert "Traceback" not in told.stderr


def test_old_python_gets_one_sentence(root: Path) -> None:
    text = (root / "build.py").read_text(encoding="utf-8").replace("sys.version_info < (3, 10)", "True")
    told = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, check=False, cwd=root)
    assert told.returncode == 1
    assert re.fullmatch(r"build\.py needs Python 3\.10 or newer; this is Python \S+\.\n", told.stderr)


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["demo", "--voice", "/nowhere/voice.wav"], "There is no recording /nowhere/voice.wav."),
        (["demo", "--blender", "/bin/true"], "/bin/true is no Blender that starts"),
        (["demo", "--blender", "/nowhere/blender"], "/nowhere/blender is no Blender that starts"),
        (["inside"], "build.py inside: say which Blender: 4.2, 4.5, 5.0 (bpy wheels"),
        (["inside", "/bin/true"], "/bin/true is no Blender that starts; name one of 4.2,"),
        (["version", "one"], "one is no version: three numbers are needed, as in 1.2.3."),
    ],
)
def test_bad_input_gives_one_sentence(root: Path, arguments: list[str], sentence: str) -> None:
    told = build_py(root, *arguments)
    assert told.returncode == 1
    assert sentence in told.stderr
    assert "Traceback" not in told.stderr


def test_without_blender_and_python_311_one_sentence_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(blenders, "installed", lambda path=None: None)
    monkeypatch.setattr(blenders, "wheel", lambda version: None)
    with pytest.raises(
        terminal.BuildError, match=r"install Blender 3\.4 or newer .* or run this with Python 3\.11\.$"
    ):
        blenders.for_demo()


def test_a_missing_system_package_is_a_command_to_copy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environments.os, "geteuid", lambda: 1000)
    monkeypatch.setattr(environments.shutil, "which", lambda name: "/usr/bin/apt-get")
    with pytest.raises(
        terminal.BuildError, match=r"sudo apt-get install -y --no-install-recommends libegl1 libgl1$"
    ):
        environments.apt_install(["libegl1", "libgl1"], "Blender needs libraries")


def test_a_failing_program_is_reported_with_its_last_words() -> None:
    with pytest.raises(terminal.BuildError, match=r"Trying failed \(exit code 3\)[^$]*the last word"):
        terminal.run([sys.executable, "-c", "print('the last word'); raise SystemExit(3)"], what="Trying")
    with pytest.raises(terminal.BuildError, match="there is no program /nowhere/at-all"):
        terminal.run(["/nowhere/at-all"], what="Trying")


def test_arguments_of_test_reach_pytest(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from tools import commands

    seen = []
    monkeypatch.setattr(commands, "test", lambda options: seen.append(options.arguments) or 5)
    assert commands.main(["test", "-k", "worker", "-x", "--", "tests/inference"]) == 5
    assert seen == [["-k", "worker", "-x", "--", "tests/inference"]]
    assert parser().prog == "build.py"


@pytest.mark.skipif(
    not sys.platform.startswith("linux"), reason="other systems tell nothing of other processes"
)
def test_time_and_memory_are_told_before_pytests_line(root: Path, tmp_path: Path) -> None:
    test = tmp_path / "test_large.py"
    test.write_text(
        "import subprocess, sys, time\n"
        "def test(request):\n"
        "    told = request.config.pluginmanager.get_plugin('peak memory')\n"
        "    hold = 'x = bytearray(300 << 20); print(flush=True); input()'\n"
        "    child = subprocess.Popen([sys.executable, '-c', hold], stdin=-1, stdout=-1)\n"
        "    child.stdout.readline()\n"
        "    while told.peak < 320 << 20: time.sleep(0.01)\n"
        "    child.communicate(b'\\n')\n",
        encoding="utf-8",
    )
    program = "import sys, pytest\nfrom tools import peak_memory\npeak_memory.EVERY = 0.05\nsys.exit(pytest.main(sys.argv[1:]))"
    told = subprocess.run(
        [sys.executable, "-c", program, "-p", "tools.peak_memory", "-c", "/dev/null", "--rootdir", str(tmp_path), str(test)],
        cwd=root, env={**os.environ, "TALKING_TESTS_STARTED": str(time.monotonic() - 100)},
        capture_output=True, text=True, check=False, timeout=HUNG,
    )  # fmt: skip
    *_, summary, last = told.stdout.splitlines()
    assert "1 passed" in last, told.stdout
    found = re.fullmatch(
        r"(\d+) s with all that was installed; (\d+) s of processor time in the tests; "
        r"all processes together held at most ([\d.]+) GiB",
        summary,
    )
    assert found and int(found[1]) >= 100 > int(found[2]) and 0.3 <= float(found[3]) < 1.0, summary


def test_quick_runs_its_folders_unless_tests_are_named() -> None:
    folders = [name for name in checks.QUICK if (environments.ROOT / name).is_dir()]
    assert folders
    assert checks.quick_arguments(["-k", "inference"]) == ["-k", "inference", *folders]
    for named in ("tests/inference/hearing/test_audio.py::test_x", "tests/test_build.py"):
        assert checks.quick_arguments(["-x", named]) == (["-x", named])


def test_a_check_that_fails_does_not_hide_the_next(capfd: pytest.CaptureFixture[str]) -> None:
    commands = [("platform", "--nonsense"), ("no_such_module_at_all",), ("this",)]
    assert checks.run_modules(Path(sys.executable), commands) != 0
    assert "Zen of Python" in capfd.readouterr().out


# The code itself


def module(name: str) -> str:
    if importlib.util.find_spec(name) is None:
        pytest.skip(f"{name} is not installed for this Python")
    return name


@pytest.mark.parametrize("words", [*checks.LINT, *checks.TYPES], ids=" ".join)
def test_rules_format_and_types(root: Path, words: tuple[str, ...]) -> None:
    command = [sys.executable, "-m", module(words[0]), *words[1:]]
    told = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
    assert told.returncode == 0, told.stdout + told.stderr


def test_functions_of_the_tools_are_short(root: Path) -> None:
    for path in [root / "build.py", *root.glob("tools/*.py"), *root.glob("demo/*.py")]:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef):
                given = len(node.args.posonlyargs) + len(node.args.args) + len(node.args.kwonlyargs)
                length = (node.end_lineno or 0) - node.lineno + 1
                assert length <= 60 and given <= 8, f"{path.name}: {node.name}"


def test_every_source_file_is_read_by_the_oldest_python(root: Path) -> None:
    for path in [
        root / "build.py",
        *root.glob("tools/*.py"),
        *root.glob("inference/**/*.py"),
        *root.glob("blender_addon/**/*.py"),
    ]:
        ast.parse(path.read_text(encoding="utf-8"), str(path), feature_version=(3, 10))


def test_the_modules_that_demo_and_examples_name_are_there(root: Path) -> None:
    """They reach into the installed zip by names in strings, which no type checker follows."""
    named = set()
    for path in [*(root / "demo").glob("*.py"), *(root / "examples").glob("*.py")]:
        text = path.read_text(encoding="utf-8")
        named |= set(re.findall(r'f"\{addon\.__name__\}\.([a-z_.]+)"', text))
        for names in re.findall(r"for name in \(([^)]*)\)", text):
            named |= set(re.findall(r'"([a-z_.]+)"', names))
    assert {"api", "keys.channels", "command_line.recording"} <= named
    for name in named:
        place = root.joinpath("blender_addon", *name.split("."))
        assert place.is_dir() or place.with_suffix(".py").is_file(), name


def test_a_console_of_another_code_page_gets_every_folders_name(monkeypatch: pytest.MonkeyPatch) -> None:
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="cp1252"))
    with pytest.raises(SystemExit):
        main(["--version-of-nothing"])
    terminal.say("in C:\\動画\\Größe")
    sys.stdout.flush()
    assert "\\u52d5\\u753b\\Größe" in written.getvalue().decode("cp1252")
