using System.Diagnostics;
using System.Diagnostics.Metrics;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.Idempotency;

namespace Orchestration.Gateway;

/// <summary>What the gateway tells of itself. Label values come from closed sets or from the policy, never from clients.</summary>
internal sealed class GatewayTelemetry
{
    public const string Name = "Orchestration.Gateway";

    private readonly Counter<long> _refused;
    private readonly Counter<long> _classifierFailures;
    private readonly Counter<long> _clientsGone;
    private readonly Counter<long> _idempotencyKeys;
    private readonly Counter<long> _captured;
    private readonly UpDownCounter<long> _running;
    private readonly Histogram<double> _duration;
    private readonly Histogram<double> _firstToken;
    private readonly Histogram<long> _tokens;

    public GatewayTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _refused = meter.CreateCounter<long>("orchestration.gateway.requests.refused", "{request}", "Requests that ended before they were admitted.");
        _classifierFailures = meter.CreateCounter<long>("orchestration.gateway.classifier.failures", "{call}", "Classifications that did not come in time.");
        _clientsGone = meter.CreateCounter<long>("orchestration.gateway.clients.gone", "{request}", "Clients that left before their answer ended.");
        _idempotencyKeys = meter.CreateCounter<long>("orchestration.gateway.idempotency.keys", "{request}", "Requests that were told to run once, and what became of them.");
        _captured = meter.CreateCounter<long>("orchestration.gateway.payloads.captured", "{request}", "Requests whose tenant keeps prompts and answers, and what became of theirs.");
        _running = meter.CreateUpDownCounter<long>("orchestration.gateway.requests.running", "{request}", "Requests that are admitted and not settled.");
        _duration = meter.CreateHistogram<double>("gen_ai.client.operation.duration", "s", "Time from admission to settlement.");
        _firstToken = meter.CreateHistogram<double>("gen_ai.client.operation.time_to_first_chunk", "s", "Time from admission to the first token sent.");
        _tokens = meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}", "Tokens of the attempts of a request.");
    }

    public void Refused(Failure failure) => _refused.Add(1, new KeyValuePair<string, object?>("failure.class", failure.FailureClass.ToString()));

    public void ClassifierFailed() => _classifierFailures.Add(1);

    public void ClientGone() => _clientsGone.Add(1);

    /// <param name="outcome">Null when the database did not say.</param>
    public void IdempotencyKeySeen(ClaimOutcome? outcome) =>
        _idempotencyKeys.Add(1, new KeyValuePair<string, object?>("outcome", outcome?.GetType().Name ?? "Unavailable"));

    /// <summary>An SDK's retry without a key found the request that it repeats.</summary>
    public void RetryJoined() => _idempotencyKeys.Add(1, new KeyValuePair<string, object?>("outcome", "Retry"));

    /// <param name="outcome">"kept", "too_large", "queue_full" or "refused".</param>
    public void Captured(string outcome) => _captured.Add(1, new KeyValuePair<string, object?>("outcome", outcome));

    public void Started() => _running.Add(1);

    public void FirstToken(TimeSpan elapsed, string operation) => _firstToken.Record(elapsed.TotalSeconds, new KeyValuePair<string, object?>("gen_ai.operation.name", operation));

    public void Settled(string operation, Plan plan, string status, TimeSpan elapsed, Summary? summary)
    {
        _running.Add(-1);
        // Not the code: a provider's own codes have no bound. Their classes are labels of the attempts.
        _duration.Record(
            elapsed.TotalSeconds,
            new TagList { { "gen_ai.operation.name", operation }, { "orchestration.route", plan.Route }, { "orchestration.status", status == "ok" ? "ok" : "failed" } });
        if (summary is null)
            return;
        foreach (var attempt in summary.Attempts)
            Tokens(operation, attempt);
    }

    /// <summary>Marks the span of the incoming request with who asks.</summary>
    public static void Describe(Activity? activity, Caller caller, string requestId)
    {
        if (activity is not { IsAllDataRequested: true })
            return;
        activity.SetTag("orchestration.tenant", caller.TenantId);
        activity.SetTag("orchestration.project", caller.ProjectId);
        activity.SetTag("orchestration.request_id", requestId);
    }

    /// <summary>Marks the span of the incoming request with what was planned.</summary>
    public static void Describe(Activity? activity, string operation, Plan plan)
    {
        if (activity is not { IsAllDataRequested: true })
            return;
        activity.SetTag("gen_ai.operation.name", operation);
        activity.SetTag("gen_ai.request.model", plan.RequestedModel);
        activity.SetTag("orchestration.route", plan.Route);
        activity.SetTag("orchestration.class", plan.RequestClass);
        activity.SetTag("orchestration.policy", plan.PolicyVersion);
    }

    /// <summary>Marks the span of the incoming request with who answered.</summary>
    public static void Describe(Activity? activity, ResponseStarted started)
    {
        if (activity is not { IsAllDataRequested: true })
            return;
        activity.SetTag("gen_ai.provider.name", started.Provider);
        activity.SetTag("gen_ai.response.model", started.Model);
        activity.SetTag("orchestration.simulated", started.Simulated);
    }

    /// <summary>Marks the span of the incoming request with what it used.</summary>
    public static void Describe(Activity? activity, Summary summary)
    {
        if (activity is not { IsAllDataRequested: true } || summary.Attempts.Count == 0 || summary.Attempts[^1].Usage is not { } usage)
            return;
        activity.SetTag("gen_ai.usage.input_tokens", usage.TotalInput());
        activity.SetTag("gen_ai.usage.output_tokens", usage.TotalOutput());
        activity.SetTag("orchestration.attempts", summary.Attempts.Count);
    }

    public static void Failed(Activity? activity, Failure failure)
    {
        activity?.SetTag("error.type", failure.Code);
        activity?.SetStatus(ActivityStatusCode.Error, failure.Code);
    }

    private void Tokens(string operation, AttemptSummary attempt)
    {
        if (attempt.Usage is not { } usage)
            return;
        var labels = new TagList { { "gen_ai.operation.name", operation }, { "gen_ai.provider.name", attempt.Provider }, { "gen_ai.response.model", attempt.Model } };
        _tokens.Record(usage.TotalInput(), [.. labels, new("gen_ai.token.type", "input")]);
        _tokens.Record(usage.TotalOutput(), [.. labels, new("gen_ai.token.type", "output")]);
    }
}
