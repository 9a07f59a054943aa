// SPDX-License-Identifier: Apache-2.0
#include "app/jobs/job_failure.hpp"

#include <stdexcept>

#include "app/jobs/job_guard.hpp"
#include "app/postgres/database_trouble.hpp"
#include "workflows/model/remote_error.hpp"

namespace heddle {

JobFailure judge_failure(const std::exception_ptr& thrown) {
    using Verdict = JobFailure::Verdict;
    try {
        std::rethrow_exception(thrown);
    } catch (const JobLost& error) {
        return {Verdict::Lost, false, error.what()};
    } catch (const GaveWay& error) {
        return {Verdict::GiveBack, false, error.what()};
    } catch (const Postponed& error) {
        return {Verdict::Postpone, false, error.what(), {}, error.wait};
    } catch (const RemoteError& error) {
        const bool may_help = error.kind == RemoteError::Kind::Retry;
        return {may_help ? Verdict::Retry : Verdict::Bury, false, error.what(), error.retry_after};
    } catch (const std::logic_error& error) {
        return {Verdict::Bury, true, std::string("a bug of Heddle: ") + error.what()};
    } catch (const std::exception& error) {
        return {Verdict::Retry, false, in_one_sentence(error)};
    } catch (...) {
        return {Verdict::Bury, true, "a bug of Heddle: something was thrown that is no exception"};
    }
}

}  // namespace heddle
