// SPDX-License-Identifier: Apache-2.0
#include "app/http/metrics.hpp"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>
#include <prometheus/registry.h>
#include <prometheus/text_serializer.h>

namespace heddle {
namespace {

using prometheus::MetricFamily;
using prometheus::MetricType;

MetricFamily gauges(const std::string& name, const std::string& help) {
    return {name, help, MetricType::Gauge, {}};
}

void add(MetricFamily& family, std::vector<prometheus::ClientMetric::Label> labels, double value) {
    prometheus::ClientMetric metric;
    metric.label = std::move(labels);
    metric.gauge.value = value;
    family.metric.push_back(std::move(metric));
}

/// Made anew each time: a state that no row is in any more disappears.
std::vector<MetricFamily> families_of(const std::vector<TableCount>& counts) {
    MetricFamily runs = gauges("heddle_runs", "Of the newest 10,000 runs, by status.");
    MetricFamily jobs = gauges("heddle_jobs", "Jobs that are not done, by kind and state.");
    MetricFamily reports = gauges("heddle_reports", "Of the newest 10,000 reports to forges, by state.");
    for (const TableCount& count : counts) {
        const auto rows = static_cast<double>(count.rows);
        if (count.table == "runs") add(runs, {{"status", count.state}}, rows);
        if (count.table == "jobs") add(jobs, {{"kind", count.kind}, {"state", count.state}}, rows);
        if (count.table == "reports") add(reports, {{"state", count.state}}, rows);
    }
    return {runs, jobs, reports};
}

}  // namespace

struct Metrics::Parts {
    prometheus::Registry registry;
    prometheus::Family<prometheus::Counter>& deliveries =
        prometheus::BuildCounter()
            .Name("heddle_deliveries_total")
            .Help("Webhook deliveries that were stored, by forge and verdict.")
            .Register(registry);
    prometheus::Histogram& times =
        prometheus::BuildHistogram()
            .Name("heddle_delivery_answer_seconds")
            .Help("From the last byte of a delivery to its answer.")
            .Register(registry)
            .Add({}, std::vector<double>{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5});
    prometheus::Family<prometheus::Counter>& refusals =
        prometheus::BuildCounter()
            .Name("heddle_refusals_total")
            .Help("Requests of which nothing was stored, by the code that they were answered.")
            .Register(registry);
    prometheus::Family<prometheus::Counter>& build_events =
        prometheus::BuildCounter()
            .Name("heddle_build_events_total")
            .Help("Build events that came over HTTP; a duplicate's id was known already.")
            .Register(registry);
    prometheus::Family<prometheus::Counter>& heard =
        prometheus::BuildCounter()
            .Name("heddle_events_heard_total")
            .Help("What was heard from OBS, by source and type; other: not about builds.")
            .Register(registry);
    prometheus::Family<prometheus::Gauge>& listening =
        prometheus::BuildGauge()
            .Name("heddle_listening")
            .Help("1: this process listens to the source; one process at a time does.")
            .Register(registry);
};

Metrics::Metrics() : parts_(std::make_unique<Parts>()) {}
Metrics::~Metrics() = default;

void Metrics::delivery(const std::string& forge_kind,
                       const std::string& verdict,
                       std::chrono::nanoseconds time) {
    const std::string forge = forge_kind.empty() ? "unknown" : forge_kind;
    parts_->deliveries.Add({{"forge", forge}, {"verdict", verdict}}).Increment();
    parts_->times.Observe(std::chrono::duration<double>(time).count());
}

void Metrics::refusal(const std::string& code) { parts_->refusals.Add({{"code", code}}).Increment(); }

void Metrics::build_events(int accepted, int duplicates) {
    parts_->build_events.Add({{"verdict", "accepted"}}).Increment(accepted);
    parts_->build_events.Add({{"verdict", "duplicate"}}).Increment(duplicates);
}

void Metrics::events_heard(const std::string& source, const std::string& type, int count) {
    parts_->heard.Add({{"source", source}, {"type", type}}).Increment(count);
}

void Metrics::listening(const std::string& source, bool on) {
    parts_->listening.Add({{"source", source}}).Set(on ? 1 : 0);
}

std::string Metrics::text(const std::optional<std::vector<TableCount>>& counts) const {
    auto families = parts_->registry.Collect();
    MetricFamily up =
        gauges("heddle_database_up", "1: the database answered when it was asked for this page.");
    add(up, {}, counts ? 1 : 0);
    families.push_back(up);
    if (counts)
        for (MetricFamily& family : families_of(*counts))
            if (!family.metric.empty()) families.push_back(std::move(family));
    return prometheus::TextSerializer().Serialize(families);
}

}  // namespace heddle
