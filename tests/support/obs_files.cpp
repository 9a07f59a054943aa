// SPDX-License-Identifier: Apache-2.0
#include "tests/support/obs_files.hpp"

#include <sys/mount.h>
#include <sys/stat.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <set>
#include <sstream>
#include <stdexcept>
#include <vector>

#include "tests/support/program.hpp"

namespace heddle::test {
namespace {

namespace fs = std::filesystem;

const fs::path kServers = "/usr/lib/obs/server";
const fs::path kBuild = "/usr/lib/obs-build";

// The servers bind to every address; this one is loaded first and makes it 127.0.0.1.
const char* const kLoopbackOnly = R"perl(package LoopbackOnly;
use strict;
use Socket qw(AF_INET INADDR_ANY INADDR_LOOPBACK sockaddr_family sockaddr_in);
use Symbol ();

sub narrowed {
  my ($address) = @_;
  return $address unless sockaddr_family($address) == AF_INET;
  my ($port, $host) = sockaddr_in($address);
  return $host eq INADDR_ANY ? scalar(sockaddr_in($port, INADDR_LOOPBACK)) : $address;
}

BEGIN {
  *CORE::GLOBAL::bind = sub (*$) {
    my $socket = ref $_[0] ? $_[0] : Symbol::qualify_to_ref($_[0], scalar caller);
    return CORE::bind($socket, narrowed($_[1]));
  };
}
1;
)perl";

// Without $bsuser and $bsgroup the servers stay who they are. Nothing here has to survive a power cut.
const char* const kConfiguration = R"perl(package BSConfig;
our $ipaccess = { '127\..*' => 'rw,worker' };
our $srcserver = 'http://127.0.0.1:@SOURCE@';
our $reposerver = 'http://127.0.0.1:@REPOSITORY@';
our $serviceserver = 'http://127.0.0.1:@SERVICE@';
our $bsdir = '@FOLDER@/data';
our $rundir = "$bsdir/run";
our $logdir = "$bsdir/log";
our $servicedir = '@FOLDER@/services';
our $servicetempdir = "$bsdir/servicetmp";
our $servicedispatch = 1;
our $obsname = 'obs.test';
our $schedulerarchs = ['@ARCHITECTURE@'];
our $localarch;
our $nosharedtrees = 1;
our $packtrack = [];
our $relsync_pool = { local => 'local', '@ARCHITECTURE@' => '@ARCHITECTURE@' };
our $disable_data_sync = 1;
our $sched_asyncmode = 1;
1;
)perl";

// Called as obs-build's program is. What it runs has a process group of its own, to be ended by.
const char* const kScriptBuild = R"sh(#!/bin/bash
set -m
while [ $# -gt 0 ]; do
    case $1 in
        --root) root=$2; shift ;;
        --logfile) log=$2; shift ;;
        --kill) kill=yes ;;
        --dist | --rpmlist | --release | --arch | --jobs | --threads | --reason | --disturl | --oldpackages) shift ;;
        --*) ;;
        *) recipe=$1 ;;
    esac
    shift
done
running=$root/.build.running
if [ "${kill:-}" ]; then
    [ ! -s "$running" ] || kill -TERM -- "-$(cat "$running")"
    exit 0
fi
export OUT=$root/.build.packages/OTHER
rm -rf "$root/.build.packages"
mkdir -p "$OUT"
sed '1,/^%build/d' "$recipe" >"$root/.build.script"
cd "${recipe%/*}" || exit 3
sh -x "$root/.build.script" >"$log" 2>&1 </dev/null &
echo $! >"$running"
wait $!
code=$?
rm -f "$running"
[ "$code" -ne 0 ] || [ "$(ls "$OUT")" ] || echo built >"$OUT/result.txt"
exit "$code"
)sh";

std::string filled(std::string text, const ObsPlaces& places) {
    const std::pair<const char*, std::string> kValues[] = {
        {"@SOURCE@", std::to_string(places.source_port)},
        {"@REPOSITORY@", std::to_string(places.repository_port)},
        {"@SERVICE@", std::to_string(places.service_port)},
        {"@FOLDER@", places.folder.string()},
        {"@ARCHITECTURE@", places.architecture}};
    for (const auto& [mark, value] : kValues)
        for (std::size_t at = 0; (at = text.find(mark, at)) != std::string::npos; at += value.size())
            text.replace(at, std::string(mark).size(), value);
    return text;
}

void write(const fs::path& file, const std::string& text, mode_t mode = 0644) {
    std::ofstream(file) << text;
    if (::chmod(file.c_str(), mode) != 0) throw std::runtime_error("can't write " + file.string());
}

// The programs look for their modules beside the path that they are called by.
void link_all(const fs::path& from, const fs::path& to, const std::set<std::string>& but) {
    fs::create_directories(to);
    for (const auto& entry : fs::directory_iterator(from))
        if (!but.contains(entry.path().filename()) && !fs::exists(to / entry.path().filename()))
            fs::create_symlink(fs::canonical(entry.path()), to / entry.path().filename());
}

}  // namespace

void write_obs_files(const ObsPlaces& places) {
    if (!fs::exists(kServers / "bs_srcserver") || !fs::exists(kBuild / "Build.pm"))
        throw std::runtime_error(
            "the tests of suite obs need a real Open Build Service: apt-get install obs-server obs-build");
    for (const char* name : {"data", "log", "services", "worker/root"})
        fs::create_directories(places.folder / name);
    fs::create_directories(places.folder / "worker/state");
    link_all(kServers, places.folder / "lib", {"BSConfig.pm", "build"});
    link_all(kServers / "worker", places.folder / "worker/lib", {"BSConfig.pm"});
    if (!places.chroot) link_all(kBuild, places.folder / "worker/state/build", {"build"});
    write(places.folder / "lib/BSConfig.pm", filled(kConfiguration, places));
    write(places.folder / "lib/LoopbackOnly.pm", kLoopbackOnly);
    if (!places.chroot) write(places.folder / "worker/state/build/build", kScriptBuild, 0755);
    const auto link = [&](const fs::path& target, const fs::path& name) {
        if (!fs::exists(places.folder / name)) fs::create_symlink(target, places.folder / name);
    };
    link(kBuild, "lib/build");
    if (places.chroot) link(kBuild, "worker/state/build");
    link(places.folder / "lib/BSConfig.pm", "worker/lib/BSConfig.pm");
    link(places.folder / "worker/lib", "worker/state/worker");
}

/// A root file system that is good for sh: obs-build has unpacked it before it asks for its dpkg.
void add_shell(const fs::path& tree) {
    const fs::path busybox = "/bin/busybox";
    if (!fs::exists(busybox))
        throw std::runtime_error("builds in a chroot need a shell: apt-get install busybox-static");
    for (const char* name : {"bin", "sbin", "usr/bin", "usr/sbin", "etc", "tmp", "root"})
        fs::create_directories(tree / name);
    fs::copy_file(busybox, tree / "bin/busybox");
    std::istringstream applets(run({busybox, "--list"}).out);
    for (std::string applet; std::getline(applets, applet);)
        if (applet != "busybox" && !applet.starts_with("dpkg"))
            fs::create_symlink("busybox", tree / "bin" / applet);
    write(tree / "usr/bin/dpkg", "#!/bin/sh\nexit 0\n", 0755);
    write(tree / "etc/passwd", "root:x:0:0:root:/root:/bin/sh\n");
    write(tree / "etc/group", "root:x:0:\n");
}

// It is called dpkg because build roots of .deb packages need one of that name.
std::string make_obs_base_package(const fs::path& folder, bool with_shell) {
    const fs::path tree = folder / "base";
    fs::create_directories(tree / "DEBIAN");
    write(tree / "DEBIAN/control",
          "Package: dpkg\nVersion: 1.0-1\nArchitecture: all\nMaintainer: Test <test@example.org>\n"
          "Description: all that is needed for a build\n");
    if (with_shell) add_shell(tree);
    const fs::path file = folder / "dpkg.deb";
    // This obs-build reads no zstd.
    const Ended made = run({"dpkg-deb", "-Zxz", "--root-owner-group", "-b", tree, file});
    if (made.exit_code != 0) throw std::runtime_error("dpkg-deb failed: " + made.err);
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

void unmount_below(const fs::path& folder) {
    std::ifstream mounts("/proc/self/mounts");
    std::vector<std::string> found;
    for (std::string device, place, rest; mounts >> device >> place && std::getline(mounts, rest);)
        if (place.starts_with(folder.string() + "/")) found.push_back(place);
    // What was mounted last lies on top.
    for (auto place = found.rbegin(); place != found.rend(); ++place)
        if (::umount2(place->c_str(), MNT_DETACH) != 0) throw std::runtime_error("can't unmount " + *place);
}

void CpioArchive::add(const std::string& name, const std::string& content) {
    char head[111];
    std::snprintf(head,
                  sizeof head,
                  "070701%08X%08X%08X%08X%08X%08X%08zX%08X%08X%08X%08X%08zX%08X",
                  0U,
                  name == "TRAILER!!!" ? 0U : static_cast<unsigned>(S_IFREG | 0644),
                  0U,
                  0U,
                  1U,
                  0U,
                  content.size(),
                  0U,
                  0U,
                  0U,
                  0U,
                  name.size() + 1,
                  0U);
    const auto pad = [&] { bytes_.resize((bytes_.size() + 3) / 4 * 4); };
    bytes_ += head + name + '\0';
    pad();
    bytes_ += content;
    pad();
}

std::string CpioArchive::finish() && {
    add("TRAILER!!!", "");
    return std::move(bytes_);
}

}  // namespace heddle::test
