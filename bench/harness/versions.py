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
    return found.group() if found else "unknown"
