"""Which version of a program is installed?"""

import re
import shutil
import subprocess


def version(program: str, flag: str) -> str:
    """The first thing that looks like a version in the program's answer, or "" when there is no such program."""
    if shutil.which(program) is None:
        return ""
    answer = subprocess.run([program, flag], capture_output=True, text=True, check=False)
    found = re.search(r"\d+\.\d+[^\s,]*", answer.stdout + answer.stderr)
    return _shortened(found.group()) if found else "unknown"


def _shortened(full: str) -> str:
    """Seven digits of a commit are enough: 0.1.0+86dc14d."""
    return re.sub(r"(\+[0-9a-f]{7})[0-9a-f]+$", r"\1", full)
