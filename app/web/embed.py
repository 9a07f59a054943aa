#!/usr/bin/env python3
"""Writes templates and static files as a C++ source: embed.py OUTPUT FILE..."""
import hashlib
import pathlib
import sys

DELIMITER = "HEDDLE_FILE"
PIECE = 8_000  # string literals have a limit of 64 KiB in the standard; stay far below it

with open(sys.argv[1], "w", encoding="utf-8") as out:
    out.write('#include "app/web/embedded_files.hpp"\n\nnamespace heddle {\n\n')
    out.write("const std::vector<EmbeddedFile>& embedded_files() {\n    static const std::vector<EmbeddedFile> kFiles{\n")
    for name in sorted(sys.argv[2:]):
        path = pathlib.Path(name)
        text = path.read_text(encoding="utf-8")
        assert f"){DELIMITER}" not in text, f"{name} contains the delimiter"
        pieces = [text[at:at + PIECE] for at in range(0, len(text), PIECE)]
        literal = "\n".join(f'R"{DELIMITER}({piece}){DELIMITER}"' for piece in pieces)
        digest = hashlib.sha256(text.encode()).hexdigest()[:16]
        out.write(f'        {{"{path.name}", {literal}, "{digest}"}},\n')
    out.write("    };\n    return kFiles;\n}\n\n}  // namespace heddle\n")
