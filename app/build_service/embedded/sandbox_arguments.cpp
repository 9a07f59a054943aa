// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/sandbox_arguments.hpp"

#include <unistd.h>

#include <algorithm>

#include "app/build_service/embedded/process_tree.hpp"

namespace heddle {
namespace {

// What build tools read of /etc: where libraries are, which program is "cc", what dpkg and rpm know of the
// vendor, catalogues and certificates. Nothing that says who uses this machine, and no secret.
constexpr const char* kFilesOfEtc[] = {
    "alternatives",
    "debian_version",
    "dpkg",
    "fonts",
    "java-11-openjdk",
    "java-17-openjdk",
    "java-21-openjdk",
    "ld.so.cache",
    "ld.so.conf",
    "ld.so.conf.d",
    "magic",
    "mime.types",
    "os-release",
    "perl",
    "rpm",
    "sgml",
    "ssl/certs",
    "ssl/openssl.cnf",
    "xml",
};

// The databases of installed packages, read to check build dependencies.
constexpr const char* kPackageDatabases[] = {"/var/lib/dpkg", "/var/lib/rpm"};

constexpr std::uint64_t kMaxSharedMemory = std::uint64_t{64} << 20;

using Arguments = std::vector<std::string>;

void add(Arguments& to, std::initializer_list<std::string> more) { to.insert(to.end(), more); }

std::uint32_t seen_uid(const SandboxCommand& command) {
    return command.identity ? command.identity->uid : ::geteuid();
}
std::uint32_t seen_gid(const SandboxCommand& command) {
    return command.identity ? command.identity->gid : ::getegid();
}

std::string made_passwd(const SandboxCommand& command) {
    return "root:x:0:0:root:/:/usr/sbin/nologin\nbuild:x:" + std::to_string(seen_uid(command)) + ":" +
           std::to_string(seen_gid(command)) + ":build:/build/home:/bin/sh\n" +
           "nobody:x:65534:65534:nobody:/:/usr/sbin/nologin\n";
}
std::string made_group(const SandboxCommand& command) {
    return "root:x:0:\nbuild:x:" + std::to_string(seen_gid(command)) + ":\nnogroup:x:65534:\n";
}

Arguments environment(const SandboxCommand& command, const std::string& root, const std::string& temporary) {
    Arguments variables{
        "PATH=/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin",
        "HOME=" + root + "/home",
        "TMPDIR=" + temporary,
        "USER=build",
        "LOGNAME=build",
        "LANG=C.UTF-8",
        "SHELL=/bin/sh",
        // In a namespace that knows one user, chown to another is EINVAL, and fakeroot forgives EPERM only.
        "FAKEROOTDONTTRYCHOWN=1",
        "TERM=dumb"};
    variables.insert(variables.end(), command.environment.begin(), command.environment.end());
    return variables;
}

void add_file(SandboxStart& start, const std::string& path, const std::string& content) {
    start.files.push_back(memory_file("etc", content));
    start.process.descriptors.push_back(start.files.back().get());
    add(start.process.arguments, {"--file", std::to_string(2 + start.process.descriptors.size()), path});
}

void add_etc(SandboxStart& start, const SandboxCommand& command) {
    for (const char* file : kFilesOfEtc) {
        const std::string path = std::string("/etc/") + file;
        add(start.process.arguments, {"--ro-bind-try", path, path});
    }
    add_file(start, "/etc/passwd", made_passwd(command));
    add_file(start, "/etc/group", made_group(command));
    add_file(start, "/etc/nsswitch.conf", "passwd: files\ngroup: files\nhosts: files\n");
    add_file(start, "/etc/hosts", "127.0.0.1 localhost build\n::1 localhost\n");
}

/// On some machines /bin and the like are folders of their own, on most they lead into /usr.
void add_system(Arguments& to) {
    add(to, {"--ro-bind", "/usr", "/usr"});
    for (const std::string name : {"bin", "sbin", "lib", "lib32", "lib64", "libx32"}) {
        const std::filesystem::path path = "/" + name;
        std::error_code ignored;
        if (std::filesystem::is_symlink(path, ignored))
            add(to, {"--symlink", "usr/" + name, path});
        else
            add(to, {"--ro-bind-try", path, path});
    }
    for (const std::string path : kPackageDatabases) add(to, {"--ro-bind-try", path, path});
}

void add_own_folders(Arguments& to, const SandboxCommand& command) {
    const std::string shared_memory = std::to_string(std::min(kMaxSharedMemory, command.limits.memory));
    add(to, {"--proc", "/proc", "--dev", "/dev", "--size", shared_memory, "--tmpfs", "/dev/shm"});
    add(to, {"--bind", command.workspace, "/build"});
    for (const char* temporary : {"/tmp", "/var/tmp"})
        add(to, {"--bind", command.workspace / "tmp", temporary});
    // A tmpfs that can be written takes memory that nobody counts.
    add(to, {"--remount-ro", "/dev", "--remount-ro", "/", "--chdir", "/build/source"});
}

/// Set inside the sandbox, where it counts the sandbox's own processes only (Linux 5.14 and later). Where a
/// uid has others, an older kernel counts these as well: so they come on top, and the watcher counts exactly.
std::string process_limit(const SandboxCommand& command) {
    int others = 0;
    if (!command.identity || !command.identity->exclusive)
        others = threads_of(command.identity ? command.identity->uid : ::geteuid());
    const std::string count = std::to_string(command.limits.processes + others + 2);
    return "--nproc=" + count + ":" + count;
}

void add_bubblewrap(SandboxStart& start, const SandboxCommand& command, int status) {
    Arguments& to = start.process.arguments;
    start.process.descriptors.push_back(status);
    // Its own first process stays (no --as-pid-1): it reaps orphans, and a command that were process 1 would
    // ignore its own signals, abort() among them.
    add(to, {"/usr/bin/bwrap", "--unshare-all", "--unshare-user", "--disable-userns", "--die-with-parent"});
    add(to, {"--new-session", "--hostname", "build", "--json-status-fd", "3"});
    add_system(to);
    add_etc(start, command);
    add_own_folders(to, command);
    add(to, {"--clearenv"});
    for (const auto& variable : environment(command, "/build", "/tmp")) {
        const auto equals = variable.find('=');
        add(to, {"--setenv", variable.substr(0, equals), variable.substr(equals + 1)});
    }
    add(to, {"--"});
}

}  // namespace

SandboxStart sandbox_start(const SandboxCommand& command, int output, int status) {
    SandboxStart start;
    ProcessRequest& process = start.process;
    process.identity = command.identity;
    process.output = output;
    process.max_file_bytes = command.limits.disk;
    // Above the limit, so that the watcher, who can say why, comes first; it bounds one process between
    // looks.
    process.max_data_bytes = command.limits.memory + command.limits.memory / 4;
    if (command.bubblewrap) {
        add_bubblewrap(start, command, status);
    } else {
        process.environment = environment(command, command.workspace, command.workspace / "tmp");
        process.directory = command.workspace / "source";
        process.reaper = true;
        process.descriptors = {status};
    }
    add(process.arguments, {"/usr/bin/prlimit", process_limit(command), "--"});
    process.arguments.insert(process.arguments.end(), command.arguments.begin(), command.arguments.end());
    return start;
}

}  // namespace heddle
