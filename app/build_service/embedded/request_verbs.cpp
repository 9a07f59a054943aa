// SPDX-License-Identifier: Apache-2.0
#include "app/build_service/embedded/request_verbs.hpp"

#include <algorithm>

#include "app/build_service/embedded/service_verbs.hpp"
#include "app/build_service/embedded/source_url.hpp"
#include "app/config/wrong_use.hpp"
#include "app/postgres/audit_store.hpp"
#include "workflows/model/names.hpp"

namespace heddle {
namespace {

std::string name_of(std::int64_t number) { return "request " + std::to_string(number); }

Request view_of(const StoredRequest& request) { return {request.number, request.state, request.comment}; }

/// What can't be taken into the target as it is kept there. Empty: nothing.
std::string why_unfit(const StoredPackage& source,
                      const PackageRef& target_ref,
                      const StoredPackage& target) {
    if (target.link) return to_string(target_ref) + " is a link, which takes no sources";
    if (target.scmsync.has_value() != source.scmsync.has_value())
        return "only one of " + to_string(source.ref) + " and " + to_string(target_ref) + " is kept in git";
    if (target.scmsync &&
        parse_source_url(*target.scmsync).repository != parse_source_url(*source.scmsync).repository)
        return to_string(target_ref) + " is kept in another git repository";
    return {};
}

void check_target(const ServiceCall& call,
                  const StoredPackage& source,
                  const StoredRevision& revision,
                  const PackageRef& ref) {
    if (!find_project(call.tx, ref.project)) refuse(call, "project " + ref.project + " does not exist");
    if (const auto reason = why_refused(NameKind::Package, ref.package)) refuse(call, *reason);
    const auto target = find_package(call.tx, ref);
    if (!target) return;
    if (const std::string reason = why_unfit(source, ref, *target); !reason.empty()) refuse(call, reason);
    const auto latest = latest_revision(call.tx, target->id);
    if (latest && latest->srcmd5 == revision.srcmd5)
        refuse(call, "there is nothing to submit: " + to_string(ref) + " has the same sources");
}

std::optional<StoredRequest> find_alike(const ServiceCall& call, const NewRequest& wanted, int rev) {
    for (const std::int64_t number : wanted.alike) {
        auto request = find_request(call.tx, number);
        if (request && request->state == "new" && request->source == wanted.source &&
            request->target == wanted.target && request->source_rev == rev)
            return request;
    }
    return std::nullopt;
}

bool may_take_back(const ServiceCall& call, const StoredRequest& request) {
    if (request.login == call.login) return true;
    const auto source = find_project(call.tx, request.source.project);
    return source && may_change_project(call.tx, source->id, call.login);
}

/// An open request that the executor may take back; nullopt: it has ended, or there is none.
std::optional<StoredRequest> lock_own_request(const ServiceCall& call, std::int64_t number) {
    auto request = lock_request(call.tx, number);
    if (!request || !is_open_request(request->state)) return std::nullopt;
    if (!may_take_back(call, *request))
        refuse(call,
               "no permission: " + call.login + " neither made it nor is maintainer of " +
                   request->source.project);
    return request;
}

/// The target as it takes sources, made where it is missing.
StoredPackage package_to_take(const ServiceCall& call,
                              const StoredRequest& request,
                              const StoredPackage& source) {
    const StoredProject project = writable_project(call, request.target.project);
    if (!find_package(call.tx, request.target))
        return insert_package_in(call, project, {0, 0, request.target, source.scmsync, std::nullopt, false});
    StoredPackage target = writable_package(call, request.target);
    if (const std::string reason = why_unfit(source, request.target, target); !reason.empty())
        refuse(call, reason);
    return target;
}

void accept(const ServiceCall& call, const StoredRequest& request) {
    const auto source = find_package(call.tx, request.source);
    const auto revision = source ? find_revision(call.tx, source->id, request.source_rev) : std::nullopt;
    if (!revision)
        refuse(call,
               "revision " + std::to_string(request.source_rev) + " of " + to_string(request.source) +
                   " is gone");
    commit_sources(call,
                   package_to_take(call, request, *source),
                   sources_of(call.tx, *revision),
                   "",
                   name_of(request.number) + " of " + request.login + ": revision " +
                       std::to_string(request.source_rev) + " of " + to_string(request.source));
}

/// Locked, with the right of who decides. Projects are locked before requests, as by those who delete them.
StoredRequest lock_for_decision(const ServiceCall& call, std::int64_t number, RequestDecision decision) {
    const auto seen = find_request(call.tx, number);
    if (!seen) throw WrongUse("there is no " + name_of(number));
    if (decision != RequestDecision::Revoke) writable_project(call, seen->target.project);
    const StoredRequest request = lock_request(call.tx, number).value();
    const bool open =
        decision == RequestDecision::Revoke ? is_open_request(request.state) : request.state == "new";
    if (!open) throw WrongUse(name_of(number) + " is " + request.state + " already");
    if (decision == RequestDecision::Revoke) lock_own_request(call, number);
    return request;
}

std::string state_after(RequestDecision decision) {
    switch (decision) {
        case RequestDecision::Accept: return "accepted";
        case RequestDecision::Decline: return "declined";
        case RequestDecision::Revoke: return "revoked";
    }
    throw std::logic_error("unknown RequestDecision");
}

}  // namespace

std::string_view to_string(RequestDecision decision) {
    switch (decision) {
        case RequestDecision::Accept: return "accept";
        case RequestDecision::Decline: return "decline";
        case RequestDecision::Revoke: return "revoke";
    }
    throw std::logic_error("unknown RequestDecision");
}

Request create_request(const ServiceCall& call, const NewRequest& given) {
    if (const auto made = find_request_of_run(call.tx, given)) return view_of(*made);
    const StoredPackage source = readable_package(call, given.source);
    NewRequest wanted = given;
    wanted.source = source.ref;
    if (const auto made = find_request_of_run(call.tx, wanted)) return view_of(*made);
    if (source.link)
        refuse(call, to_string(source.ref) + " is a link: submit " + to_string(*source.link) + " instead");
    const auto revision = latest_revision(call.tx, source.id);
    if (!revision) refuse(call, to_string(source.ref) + " has no sources");
    if (const auto alike = find_alike(call, wanted, revision->rev)) return view_of(*alike);
    check_target(call, source, *revision, wanted.target);
    return {insert_request(call.tx, wanted, revision->rev, call.login), "new", ""};
}

Request create_request_by_hand(const ServiceCall& call, const NewRequest& wanted) {
    const Request made = create_request(call, wanted);
    record_change(call.tx,
                  {call.login,
                   "request.create",
                   name_of(made.number),
                   to_string(wanted.source) + " to " + to_string(wanted.target)});
    return made;
}

bool supersede_request(const ServiceCall& call, std::int64_t number, std::int64_t by) {
    const auto request = lock_own_request(call, number);
    if (!request) return false;
    if (number == by || !find_request(call.tx, by))
        refuse(call, "there is no other " + name_of(by) + " to take its place");
    change_request(call.tx, *request, {"superseded", "by " + name_of(by), call.login, ""});
    set_successor(call.tx, number, by);
    return true;
}

bool revoke_request(const ServiceCall& call, std::int64_t number, const std::string& comment) {
    const auto request = lock_own_request(call, number);
    if (!request) return false;
    change_request(call.tx, *request, {"revoked", comment, call.login, ""});
    return true;
}

void decide_request_by_hand(const ServiceCall& call,
                            std::int64_t number,
                            RequestDecision decision,
                            const std::string& comment) {
    const StoredRequest request = lock_for_decision(call, number, decision);
    if (decision == RequestDecision::Accept) accept(call, request);
    change_request(call.tx, request, {state_after(decision), comment, call.login, ""});
    record_change(call.tx,
                  {call.login,
                   "request." + std::string(to_string(decision)),
                   name_of(number),
                   to_string(request.source) + " to " + to_string(request.target)});
}

void revoke_requests_about(const ServiceCall& call, const PackageRef& gone, const std::string& comment) {
    for (const StoredRequest& request : lock_requests_about(call.tx, gone))
        change_request(call.tx, request, {"revoked", comment, call.login, ""});
}

}  // namespace heddle
