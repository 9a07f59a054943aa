#!/usr/bin/env python3
"""Writes the migrations as a C++ source: embed.py OUTPUT FILE..."""
import hashlib
import pathlib
import sys

DELIMITER = "HEDDLE_SQL"
PIECE = 8_000  # string literals have a limit of 64 KiB in the standard; stay far below it

with open(sys.argv[1], "w", encoding="utf-8") as out:
    out.write('#include "app/postgres/migrate.hpp"\n\nnamespace heddle {\n\n')
    out.write("const std::vector<Migration>& migrations() {\n    static const std::vector<Migration> kMigrations{\n")
    for name in sorted(sys.argv[2:], key=lambda path: pathlib.Path(path).name):
        path = pathlib.Path(name)
        text = path.read_text(encoding="utf-8")
        assert f"){DELIMITER}" not in text, f"{name} contains the delimiter"
        pieces = [text[at:at + PIECE] for at in range(0, len(text), PIECE)]
        literal = "\n".join(f'R"{DELIMITER}({piece}){DELIMITER}"' for piece in pieces)
        checksum = hashlib.sha256(text.encode()).hexdigest()
        out.write(f'        {{{int(path.name[:4])}, "{path.name}", {literal}, "{checksum}"}},\n')
    out.write("    };\n    return kMigrations;\n}\n\n}  // namespace heddle\n")
