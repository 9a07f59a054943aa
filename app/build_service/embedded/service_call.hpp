// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <pqxx/pqxx>
#include <string>

#include "app/build_service/embedded/package_store.hpp"
#include "app/build_service/embedded/project_store.hpp"
#include "app/build_service/embedded/revision_store.hpp"
#include "app/build_service/embedded/schedule.hpp"

namespace heddle {

/// One verb at work: its transaction, in whose name, and the words for what is attempted.
struct ServiceCall {
    pqxx::transaction_base& tx;
    const std::string& login;
    const std::string& host_architecture;
    std::string doing;  // "branch demo/hello to demo:x/hello"
};

/// Throws RemoteError GiveUp: it will not work however often it is tried.
[[noreturn]] void refuse(const ServiceCall& call, const std::string& why);

/// Locks a project that the executor may change. Refuses a missing, locked or foreign one.
StoredProject writable_project(const ServiceCall& call, const std::string& name);
/// The same for a package; its project is locked with it.
StoredPackage writable_package(const ServiceCall& call, const PackageRef& ref);
/// A project whose sources the executor may see.
StoredProject readable_project(const ServiceCall& call, const std::string& name);
/// A package whose sources the executor may see, in that project or in one that it links to.
StoredPackage readable_package(const ServiceCall& call, const PackageRef& ref);

/// Creates a project, the executor its maintainer. The name is locked and free. Below an existing project
/// only that one's maintainers may create.
StoredProject create_writable_project(const ServiceCall& call, const NewProject& project);

/// Makes a revision and schedules what follows from it - or gives back the newest one, if it has the same
/// sources and the mark of the same run.
SourceRevision commit_sources(const ServiceCall& call,
                              const StoredPackage& package,
                              const Sources& sources,
                              const std::string& run,
                              const std::string& comment,
                              int delay_ms = 0);

ScheduleRequest schedule_request(const ServiceCall& call);

}  // namespace heddle
