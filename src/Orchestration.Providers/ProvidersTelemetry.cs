using System.Diagnostics;
using System.Diagnostics.Metrics;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Providers.Execution;

namespace Orchestration.Providers;

/// <summary>Spans and instruments of this service.</summary>
internal sealed class ProvidersTelemetry : IDisposable
{
    public const string Name = "Orchestration.Providers";
    private readonly ActivitySource _source = new(Name);
    private readonly Histogram<long> _tokens;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstToken;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _odd;
    private readonly Counter<long> _afterEnd;
    private readonly Counter<long> _cost;

    public ProvidersTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _tokens = meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}", "Tokens of one attempt, by type.");
        _duration = meter.CreateHistogram<double>("gen_ai.client.operation.duration", "s", "Time of one attempt.");
        _firstToken = meter.CreateHistogram<double>("gen_ai.server.time_to_first_token", "s", "Time from the start of an attempt to its first token.");
        _odd = meter.CreateCounter<long>("orchestration.answers.odd", "{answer}", "Answers whose report, model or length cannot be right.");
        _afterEnd = meter.CreateCounter<long>("orchestration.events.after_end", "{event}", "Events that a provider sent after the end of its stream, thrown away.");
        // To look at, not to account by: an instrument forgets when its process ends, and who reads it counts in floating point.
        _cost = meter.CreateCounter<long>("orchestration.cost.nanos", "{nano}", "What attempts cost, in billionths of their currency's unit; the ledger has it exact.");
        _attempts = meter.CreateCounter<long>("orchestration.attempts", "{attempt}", "Attempts by outcome and error.");
    }

    /// <summary>Counts an answer that an operator should look at.</summary>
    /// <param name="provider">Who answered.</param>
    /// <param name="kind">"usage_suspect", "model_mismatch", "overrun" or "stop_ignored".</param>
    public void OddAnswer(string provider, string kind) =>
        _odd.Add(1, new(GenAIAttributes.ProviderName, provider), new("orchestration.answer.oddity", kind));

    /// <summary>Counts events that were thrown away because their stream had ended.</summary>
    /// <param name="provider">Who sent them.</param>
    /// <param name="events">How many.</param>
    public void AfterEnd(string provider, int events)
    {
        if (events > 0) _afterEnd.Add(events, new KeyValuePair<string, object?>(GenAIAttributes.ProviderName, provider));
    }

    /// <summary>Begins the span of an attempt, in the trace of the request also when the call that brought it is over.</summary>
    public Activity? BeginAttempt(AttemptWork work)
    {
        var deployment = work.Candidate.Deployment;
        var span = _source.StartActivity($"{work.Operation} {deployment.UpstreamModel}", ActivityKind.Client, work.Trace);
        if (span is not { IsAllDataRequested: true }) return span;
        span.SetTag(GenAIAttributes.OperationName, work.Operation);
        span.SetTag(GenAIAttributes.ProviderName, deployment.Provider);
        span.SetTag(GenAIAttributes.RequestModel, deployment.UpstreamModel);
        span.SetTag(GenAIAttributes.ServerAddress, work.Candidate.BaseAddress.Host);
        span.SetTag(GenAIAttributes.ServerPort, work.Candidate.BaseAddress.Port);
        span.SetTag(GenAIAttributes.Deployment, deployment.Id);
        span.SetTag(GenAIAttributes.Simulated, deployment.Simulated);
        span.SetTag(GenAIAttributes.RequestId, work.Order.RequestId.ToString("D"));
        span.SetTag(GenAIAttributes.AttemptId, work.Id.ToString("D"));
        span.SetTag(GenAIAttributes.AttemptOrdinal, work.Ordinal);
        return span;
    }

    public void AttemptEnded(Activity? span, EndedAttempt ended)
    {
        var (input, output) = (ended.Usage.TotalInput(), ended.Usage.TotalOutput());
        var tags = TagsOf(ended);
        _attempts.Add(1, [.. tags, new(GenAIAttributes.AttemptOutcome, ended.OutcomeName)]);
        _duration.Record(ended.Duration.TotalSeconds, tags);
        if (ended.TimeToFirstToken is { } first) _firstToken.Record(first.TotalSeconds, tags);
        Cost(ended);
        if (ended.Usage.Source != UsageSource.None)
        {
            _tokens.Record(input, [.. tags, new(GenAIAttributes.TokenType, "input")]);
            _tokens.Record(output, [.. tags, new(GenAIAttributes.TokenType, "output")]);
        }

        if (span is null) return;
        span.SetTag(GenAIAttributes.AttemptOutcome, ended.OutcomeName);
        span.SetTag(GenAIAttributes.InputTokens, input);
        span.SetTag(GenAIAttributes.OutputTokens, output);
        span.SetTag(GenAIAttributes.UsageSource, Metering.SettlementOf(ended.Usage));
        if (ended.Reported.Model.Length > 0) span.SetTag(GenAIAttributes.ResponseModel, ended.Reported.Model);
        if (ended.Reported.ResponseId.Length > 0) span.SetTag(GenAIAttributes.ResponseId, ended.Reported.ResponseId);
        if (ended.Failure is not { } failure) return;
        span.SetTag(GenAIAttributes.ErrorType, failure.Code);
        // A provider's text may quote the prompt.
        span.SetStatus(ActivityStatusCode.Error, failure.Code);
    }

    public void Dispose() => _source.Dispose();

    private void Cost(EndedAttempt ended)
    {
        var deployment = ended.Work.Candidate.Deployment;
        if (ended.Cost.Amount == 0) return;
        _cost.Add(
            (long)decimal.Round(ended.Cost.Amount * 1_000_000_000m),
            new(GenAIAttributes.ProviderName, deployment.Provider),
            new(GenAIAttributes.RequestModel, deployment.Model),
            new(GenAIAttributes.Currency, ended.Cost.Currency),
            new(GenAIAttributes.Simulated, deployment.Simulated));
    }

    private static KeyValuePair<string, object?>[] TagsOf(EndedAttempt ended)
    {
        var deployment = ended.Work.Candidate.Deployment;
        return
        [
            new(GenAIAttributes.OperationName, ended.Work.Operation),
            new(GenAIAttributes.ProviderName, deployment.Provider),
            new(GenAIAttributes.RequestModel, deployment.UpstreamModel),
            // The class, not the code: a provider's own codes have no bound.
            new(GenAIAttributes.ErrorType, ended.Failure?.FailureClass.ToString()),
        ];
    }
}
