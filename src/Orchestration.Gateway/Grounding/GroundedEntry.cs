using Orchestration.Contracts.Chat.V1;
using Orchestration.Gateway.Authentication;
using Orchestration.Gateway.ChatCompletions;
using Orchestration.Gateway.Execution;
using Orchestration.Gateway.Http;

namespace Orchestration.Gateway.Grounding;

/// <summary>The way of clients' chat requests to admission: by way of a collection where they ask for one.</summary>
internal sealed class GroundedEntry(ChatEntry entry, Grounder grounder, GatewayTelemetry telemetry)
{
    public async ValueTask<AdmissionOutcome> AdmitAsync(
        Caller caller,
        ChatRequest request,
        RequestIdentity identity,
        ClientAttribution client,
        IReadOnlyList<Warning> warnings,
        CancellationToken cancellationToken)
    {
        if (request.Grounding is null)
            return await entry.AdmitAsync(caller, request, identity, client, warnings, cancellationToken);
        var grounding = await grounder.GroundAsync(caller, request, cancellationToken);
        if (grounding is not GroundingOutcome.Grounded { Question: var question })
        {
            var refusal = ((GroundingOutcome.Refused)grounding).Failure;
            telemetry.Refused(refusal);
            return new AdmissionOutcome.Refused(refusal, null);
        }

        // Providers have no use for it.
        request.Grounding = null;
        if (!question.Found)
        {
            // A cache would answer the bare question.
            client = client with { Cache = client.Cache with { NoStore = true } };
        }

        var outcome = await entry.AdmitAsync(caller, request, identity, client, warnings, cancellationToken);
        return outcome is AdmissionOutcome.Admitted admitted ? new AdmissionOutcome.Admitted(admitted.Request with { Grounding = question }) { Limits = admitted.Limits } : outcome;
    }
}
