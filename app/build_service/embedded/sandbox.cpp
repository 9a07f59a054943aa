// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/sandbox.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

#include "app/build_service/embedded/process_tree.hpp"
#include "app/build_service/embedded/sandbox_arguments.hpp"
#include "app/build_service/embedded/sandbox_user.hpp"
#include "app/build_service/embedded/sandbox_watch.hpp"
#include "app/build_service/embedded/workspace.hpp"

namespace heddle {
namespace {

using std::chrono::steady_clock;

constexpr auto kLookInterval = std::chrono::milliseconds(100);
constexpr auto kEndDeadline = std::chrono::seconds(5);

/// The number behind `key` in bubblewrap's status documents.
std::optional<int> status_number(const std::string& documents, const std::string& key) {
    const auto at = documents.find("\"" + key + "\": ");
    if (at == std::string::npos) return std::nullopt;
    return std::atoi(documents.c_str() + at + key.size() + 4);
}

/// A running command with everything below it. Its destructor leaves nothing alive.
class Tree {
public:
    explicit Tree(const SandboxCommand& command)
        : command_(command), start_(make_start()), process_(start_.process) {
        output_.write.reset();
        status_.write.reset();
    }
    ~Tree() { end(); }
    Tree(const Tree&) = delete;
    Tree& operator=(const Tree&) = delete;

    pid_t root() const { return process_.pid(); }
    /// The sandbox's first process; 0 while it is not known, and without a sandbox.
    pid_t first() const { return first_ ? status_number(documents_, "child-pid").value_or(0) : 0; }
    /// The command ended; things that it started may still run.
    bool command_ended() { return process_.ended() || status_number(documents_, "exit-code"); }

    /// Waits a little for output, an end, or nothing.
    void wait() {
        std::array<pollfd, 3> ready{{{output_open_ ? output_.read.get() : -1, POLLIN, 0},
                                     {process_.pidfd(), POLLIN, 0},
                                     {status_open_ ? status_.read.get() : -1, POLLIN, 0}}};
        ::poll(ready.data(), ready.size(), static_cast<int>(kLookInterval.count()));
        read_status();
    }

    /// Hands on what is there now, at most 1 MiB. False: there will be no more.
    bool read_output(const std::function<void(std::string_view)>& hear) {
        std::array<char, 64 * 1024> buffer;
        for (int i = 0; output_open_ && i < 16; ++i) {
            const ssize_t got = ::read(output_.read.get(), buffer.data(), buffer.size());
            if (got < 0 && errno == EINTR) continue;
            if (got < 0) return true;
            output_open_ = got > 0;
            if (got > 0) hear({buffer.data(), static_cast<std::size_t>(got)});
        }
        return output_open_;
    }

    /// Kills what is left, and waits until it is gone.
    void end() {
        const auto deadline = steady_clock::now() + kEndDeadline;
        read_status();
        // With the sandbox's first process its whole process namespace dies, before bubblewrap hears of it.
        if (first_)
            ::syscall(SYS_pidfd_send_signal, first_.get(), SIGKILL, nullptr, 0);
        else if (!process_.ended())
            kill_below(root(), deadline);
        while (!process_.ended() && steady_clock::now() < deadline) pause();
        if (!process_.ended()) process_.kill();
        if (command_.identity && command_.identity->exclusive) end_all_of(command_.identity->uid, deadline);
    }

    /// What was written before the end and not read yet.
    void drain(const std::function<void(std::string_view)>& hear) {
        const auto deadline = steady_clock::now() + kEndDeadline;
        while (read_output(hear) && steady_clock::now() < deadline) pause();
    }

    /// How it ended by itself; nullopt: the sandbox did not come up.
    std::optional<int> exit_code() {
        read_status();
        return status_number(documents_, "exit-code");
    }

    /// The signal that somebody else ended it with; 0: none.
    int killed_by() {
        const auto status = process_.ended();
        return status && WIFSIGNALED(*status) ? WTERMSIG(*status) : 0;
    }

private:
    SandboxStart make_start() { return sandbox_start(command_, output_.write.get(), status_.write.get()); }

    /// An end has no descriptor to wait for where other processes than our child have to go.
    static void pause() { ::poll(nullptr, 0, 2); }

    static void end_all_of(std::uint32_t uid, steady_clock::time_point deadline) {
        for (kill_all_of(uid); threads_of(uid) > 0 && steady_clock::now() < deadline; kill_all_of(uid))
            pause();
    }

    void read_status() {
        std::array<char, 1024> buffer;
        ssize_t got = 0;
        while (status_open_ && (got = ::read(status_.read.get(), buffer.data(), buffer.size())) > 0)
            documents_.append(buffer.data(), static_cast<std::size_t>(got));
        if (got == 0) status_open_ = false;
        if (first_ || command_ended()) return;  // once it is reaped, its number may be another's
        if (const auto pid = status_number(documents_, "child-pid"))
            first_ = Descriptor(static_cast<int>(::syscall(SYS_pidfd_open, *pid, 0)));
    }

    const SandboxCommand& command_;
    Pipe output_;
    Pipe status_;
    SandboxStart start_;
    Process process_;
    Descriptor first_;  // process 1 inside
    std::string documents_;
    bool output_open_ = true;
    bool status_open_ = true;
};

SandboxEnd how_it_ended(Tree& tree, const std::string& said) {
    if (const auto code = tree.exit_code()) return {SandboxEnd::Kind::Exited, *code, {}};
    if (const int signal = tree.killed_by())
        return {SandboxEnd::Kind::Broken, 0, "the sandbox was killed by signal " + std::to_string(signal)};
    std::string why = said.substr(0, said.find('\n'));
    return {SandboxEnd::Kind::Broken, 0, "the sandbox does not work: " + (why.empty() ? "bwrap ended" : why)};
}

void check_identity(const SandboxCommand& command) {
    const bool as_root = command.identity ? refuse_identity(*command.identity).has_value() : ::geteuid() == 0;
    if (as_root) throw std::logic_error("a build was about to run as root");
}

}  // namespace

SandboxEnd run_in_sandbox(const SandboxCommand& command, const SandboxEvents& events, std::stop_token stop) {
    check_identity(command);
    Tree tree(command);
    SandboxWatch watch(command.limits, command.workspace, tree.root());
    std::string said;  // its first words: bubblewrap's own complaint comes before the command's output
    const auto hear = [&](std::string_view text) {
        if (said.size() < 512) said += text.substr(0, 512);
        if (events.output) events.output(text);
    };
    std::optional<SandboxEnd> ended_by_us;
    auto next_look = steady_clock::now() + kLookInterval;
    while (!tree.command_ended() && !ended_by_us) {
        tree.wait();
        tree.read_output(hear);
        if (stop.stop_requested()) ended_by_us = {SandboxEnd::Kind::Stopped, 0, {}};
        if (steady_clock::now() < next_look) continue;
        if (events.tick) events.tick();
        watch.inside(tree.first());
        if (const auto limit = watch.look()) {
            const auto kind = watch.machine_is_full() ? SandboxEnd::Kind::Broken : SandboxEnd::Kind::Limit;
            ended_by_us = {kind, 0, *limit};
        }
        next_look = steady_clock::now() + kLookInterval;
    }
    tree.end();
    tree.drain(hear);
    return ended_by_us ? *ended_by_us : how_it_ended(tree, said);
}

std::optional<std::string> sandbox_works(const std::filesystem::path& builds,
                                         const std::optional<Identity>& identity) {
    try {
        const Workspace workspace(builds, 0, identity);
        workspace.hand_over();
        SandboxCommand command;
        command.arguments = {"/usr/bin/true"};
        command.workspace = workspace.root();
        command.identity = identity;
        command.limits = {steady_clock::now() + std::chrono::seconds(20),
                          std::chrono::seconds(20),
                          std::uint64_t{1} << 30,
                          std::uint64_t{1} << 30,
                          64};
        const SandboxEnd end = run_in_sandbox(command, {}, {});
        if (end.kind == SandboxEnd::Kind::Exited && end.exit_code == 0) return std::nullopt;
        return end.reason.empty() ? "the sandbox does not work: exit code " + std::to_string(end.exit_code)
                                  : end.reason;
    } catch (const std::system_error& error) {
        if (error.code() == std::errc::no_such_file_or_directory)
            return "the sandbox does not work: bubblewrap is not installed (/usr/bin/bwrap)";
        return std::string("the sandbox does not work: ") + error.what();
    } catch (const std::runtime_error& error) {
        return error.what();
    }
}

}  // namespace heddle
