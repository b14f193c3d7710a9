using System.Runtime.CompilerServices;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Providers.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Credentials.Balances;
using Orchestration.Providers.Credentials.Pools;
using Orchestration.Providers.Data;
using Orchestration.Providers.Dialects;
using Orchestration.Providers.Egress;
using Orchestration.Providers.Execution;
using Orchestration.Providers.Profiles;
using Orchestration.ServiceDefaults.Secrets;

namespace Orchestration.Providers.Verification;

/// <summary>Makes about a dozen cheap calls to a vendor and says how each answer differs from the profile.</summary>
internal sealed class VendorVerification(
    VendorProfiles profiles,
    KeyPools pools,
    ChatDialects dialects,
    DeploymentEgress guard,
    VendorCalls calls,
    BalanceReader balances,
    TimeProvider time)
{
    // Whoever answers at another address than the vendor's is no vendor, and sees no key of one.
    private static readonly Secret NoVendorsKey = new("simulated");

    /// <summary>Finds out what to call.</summary>
    /// <param name="provider">Vendor.</param>
    /// <param name="region">Region; empty means the first that has a key.</param>
    /// <param name="model">The vendor's name of the model; empty means the profile's.</param>
    /// <param name="baseUrl">Another base address, whose host must be allowed; null means the vendor's own.</param>
    public VerificationStart Prepare(string provider, string region, string model, string? baseUrl)
    {
        if (profiles.Vendors.FirstOrDefault(p => p.Provider == provider) is not { } profile)
            return Refuse(FailureClass.NotFound, "vendor_not_found", "There is no vendor of this name.");
        var endpoints = profile.Endpoints.Where(e => region.Length == 0 || e.Region == region).ToList();
        if (endpoints.Count == 0) return Refuse(FailureClass.InvalidRequest, "unknown_region", "The vendor has no such region.");
        var (endpoint, secret) = baseUrl is null ? WithKey(profile, endpoints) : (endpoints[0], NoVendorsKey);
        if (secret is null) return new VerificationStart.Refused(ExecutionFailures.NoCredential(provider));
        if (model.Length == 0) model = profile.Verification.Model;
        if (model.Length == 0) return Refuse(FailureClass.InvalidRequest, "model_required", "The profile names no model to call; name one.");
        if (DialectOf(profile) is not { } dialect) return Refuse(FailureClass.InvalidRequest, "no_chat", "The profile names no chat protocol that is spoken here.");

        var deployment = new Deployment
        {
            Id = $"{provider} {endpoint.Region}".Trim(),
            Provider = provider,
            Model = model,
            UpstreamModel = model,
            Region = endpoint.Region,
            BaseUrl = baseUrl ?? endpoint.BaseUrl,
            Protocol = dialect.Protocol,
        };
        return guard.Check(deployment, profile, out _) is { } refused
            ? new VerificationStart.Refused(refused)
            : new VerificationStart.Ready(new VerificationTarget(profile, deployment, dialect, secret));
    }

    /// <summary>Makes the calls, one after the other.</summary>
    public async IAsyncEnumerable<VerificationStep> RunAsync(VerificationTarget target, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var checks = new VerificationChecks(target, new VerificationCalls(target, calls, time), calls, balances);
        var all = checks.All;
        foreach (var (name, run) in all)
        {
            var step = new VerificationStep { Check = name, Total = all.Count };
            switch (await run(cancellationToken))
            {
                case Finding.Matched:
                    step.Outcome = VerificationOutcome.Matched;
                    break;
                case Finding.Differed differed:
                    (step.Outcome, step.Difference) = (VerificationOutcome.Differed, differed.Difference);
                    break;
                case Finding.Failed failed:
                    (step.Outcome, step.Failure) = (VerificationOutcome.Failed, failed.Failure);
                    break;
                case Finding.Skipped skipped:
                    (step.Outcome, step.Difference) = (VerificationOutcome.Skipped, skipped.Reason);
                    break;
            }

            yield return step;
        }
    }

    private (VendorEndpoint Endpoint, Secret? Secret) WithKey(VendorProfile profile, List<VendorEndpoint> endpoints)
    {
        foreach (var endpoint in endpoints)
            if (pools.Find(profile.Provider, endpoint.Region)?.Views() is { } views && UsableOf(views) is { } secret)
                return (endpoint, secret);
        return (endpoints[0], profile.Authorization.Required ? null : Secret.None);
    }

    // A parked or refused key may be what is to be looked into; one that was switched off is nobody's to use.
    private static Secret? UsableOf(IReadOnlyList<KeyView> views) => views
        .Where(v => v.Facts.Secret is not null && v.Facts.Status != CredentialStatus.Disabled)
        .OrderBy(v => v.Facts.Status == CredentialStatus.Active ? 0 : 1)
        .FirstOrDefault()?.Facts.Secret;

    private IChatDialect? DialectOf(VendorProfile profile) => profile.Verification.Protocol switch
    {
        "openai" => dialects.For(Protocol.OpenaiChat),
        "openai-responses" => dialects.For(Protocol.OpenaiResponses),
        "anthropic" => dialects.For(Protocol.AnthropicMessages),
        "gemini" => dialects.For(Protocol.Gemini),
        "ollama" => dialects.For(Protocol.Ollama),
        _ => null,
    };

    private static VerificationStart.Refused Refuse(FailureClass failureClass, string code, string message) =>
        new(new Failure { FailureClass = failureClass, Code = code, Message = message });
}

/// <summary>What a verification calls.</summary>
internal sealed record VerificationTarget(VendorProfile Profile, Deployment Deployment, IChatDialect Dialect, Secret Secret);

/// <summary>Outcome of preparing a verification.</summary>
internal abstract record VerificationStart
{
    private VerificationStart()
    {
    }

    internal sealed record Ready(VerificationTarget Target) : VerificationStart;

    internal sealed record Refused(Failure Failure) : VerificationStart;
}

/// <summary>Outcome of one check.</summary>
internal abstract record Finding
{
    private Finding()
    {
    }

    internal sealed record Matched : Finding;

    internal sealed record Differed(string Difference) : Finding;

    internal sealed record Failed(Failure Failure) : Finding;

    internal sealed record Skipped(string Reason) : Finding;
}
