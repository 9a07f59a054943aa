// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace heddle {

// Scripts that run inside the sandbox, as the build itself does: reading a spec file or a makefile executes
// what stands in it.

/// $1 spec file. Where rpm has a database of installed packages, rpmbuild asks that itself. On a machine of
/// another family (Debian) it is empty, and what a spec file requires is looked for on the machine: as a
/// file, by pkg-config, perl, as a package of dpkg, as a program. Says what is missing in rpmbuild's own
/// words.
inline constexpr const char* kCheckSpecScript = R"sh(
set -u
[ -z "$(rpm -qa 2>/dev/null | head -n 1)" ] || exit 0
wanted=$(rpmspec -q --buildrequires "$1") || exit 1
installed() { dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed; }
here() {
    case $1 in
        rpmlib\(*) return 0 ;;
        /*) [ -e "$1" ]; return ;;
        pkgconfig\(*) m=${1#*\(}; pkg-config --exists "${m%\)*}" 2>/dev/null; return ;;
        perl\(*) m=${1#*\(}; perl "-M${m%%\)*}" -e 1 2>/dev/null; return ;;
        gcc-c++) command -v g++ >/dev/null; return ;;
        *-devel) b=${1%-devel}; for p in "$b-dev" "lib$b-dev" "${b}1g-dev"; do installed "$p" && return; done; return 1 ;;
    esac
    installed "$1" || command -v "$1" >/dev/null
}
missing=$(printf '%s\n' "$wanted" | while read -r name more; do
    [ -z "$name" ] || here "$name" || printf '\t%s is needed by %s\n' "$name${more:+ $more}" "${1%.spec}"
done)
[ -z "$missing" ] || { printf 'error: Failed build dependencies:\n%s\n' "$missing"; exit 1; }
)sh";

/// $1 spec file, $2 rpm's top folder. Where the first source is not there, makes it: a tar of the sources,
/// with the folder on top that the spec file's %setup goes into.
inline constexpr const char* kMakeSourceScript = R"sh(
set -eu
rpmspec -P --define "_topdir $2" "$1" > "$TMPDIR/expanded"
source=$(sed -n 's/^[Ss][Oo][Uu][Rr][Cc][Ee]0\{0,1\}[[:space:]]*:[[:space:]]*//p' "$TMPDIR/expanded" | head -n 1)
file=${source##*/}
[ -n "$file" ] && [ ! -e "$file" ] || exit 0
case $file in
    *.tar | *.tar.gz | *.tar.bz2 | *.tar.xz | *.tar.zst | *.tar.lz | *.tar.lzma | *.tgz | *.tbz | *.tbz2 | *.txz) ;;
    *) echo "$file is not there, and only tar archives can be made from the sources" >&2; exit 1 ;;
esac
top=$(sed -n "s/^cd [\"']\{0,1\}\([^/\"'][^\"']*\)[\"']\{0,1\}\$/\1/p" "$TMPDIR/expanded" | head -n 1)
[ -n "$top" ] || top=$(rpmspec -q --srpm --qf '%{NAME}-%{VERSION}' "$1")
case $top in *[!A-Za-z0-9._+~^-]*) echo "can't make a tar with the folder $top" >&2; exit 1 ;; esac
grep -q "mkdir -p '\{0,1\}$top'\{0,1\}\$" "$TMPDIR/expanded" && top=.
echo "making $file from the sources"
tar -caf "$TMPDIR/$file" --transform="s|^\.|$top|S" .
mv "$TMPDIR/$file" "$file"
)sh";

/// $1 spec file, $2 rpm's top folder.
inline constexpr const char* kBuildSpecScript = R"sh(
set -eu
[ -n "$(rpm -qa 2>/dev/null | head -n 1)" ] || set -- "$@" --nodeps
spec=$1 top=$2
shift 2
exec rpmbuild -ba --define "_topdir $top" --define "_sourcedir $PWD" --define "_tmppath $TMPDIR" "$@" "$spec"
)sh";

/// Is there a target `check`? (As make itself lists what it knows; prerequisites alone are "not a target".)
inline constexpr const char* kHasCheckScript = R"sh(
LC_ALL=C make -pRrq check 2>/dev/null | awk '
    /^# Not a target:/ { getline; next }
    /^check:/ { found = 1 }
    END { exit !found }'
)sh";

}  // namespace heddle
