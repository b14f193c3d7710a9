using System.Globalization;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.RouteTables;
using Orchestration.Protocols;

namespace Orchestration.Gateway.Planning;

/// <summary>Goes through a chain once, keeps what can answer, and remembers why the rest was dropped.</summary>
internal sealed class CandidateFilter(RoutingSnapshot snapshot, PlanningRequest request, int outputTokens)
{
    private string? _missingCapability;
    private string? _tooSmall;
    private bool _priceUnknown;
    private bool _elsewhere;

    public List<Candidate> Kept { get; } = [];

    public void Consider(CompiledDeployment compiled)
    {
        var deployment = compiled.Deployment;
        if (!snapshot.MayEnter(request.Caller.TenantId, deployment.Region))
            _elsewhere = true;
        else if (request.Needs.Missing(deployment.Capabilities) is { } missing)
            _missingCapability = missing;
        else if (deployment.ContextWindow > 0 && InWindow(deployment) is var tokens && tokens > deployment.ContextWindow)
            _tooSmall = string.Create(CultureInfo.InvariantCulture, $"about {tokens} tokens for a context window of {deployment.ContextWindow}");
        else if (Price(compiled) is { } candidate)
            Kept.Add(candidate);
        else
            _priceUnknown = true;
    }

    /// <summary>Why nothing was kept: the reason that was nearest to an answer.</summary>
    public Failure Explain()
    {
        if (_priceUnknown)
            return Failures.PriceUnknown(request.Model);
        if (_tooSmall is not null)
        {
            return new Failure
            {
                FailureClass = FailureClass.ContextLength,
                Code = "context_length_exceeded",
                Message = $"The {LongestOf(request.Mode).Name} is too long for '{request.Model}': {_tooSmall}.",
                Param = LongestOf(request.Mode).Param,
            };
        }

        if (_missingCapability is null && _elsewhere)
            return Failures.PermissionDenied("residency", $"'{request.Model}' is not served in a region that this tenant's data may go to.", "model");

        return _missingCapability is null
            ? Failures.Unavailable("no_deployment", $"No deployment serves '{request.Model}' right now.")
            : Failures.Invalid("unsupported_by_model", $"'{request.Model}' does not support {_missingCapability}.", "model");
    }

    private static (string Name, string Param) LongestOf(string mode) => mode switch
    {
        RouteModes.Embedding => ("longest input", "input"),
        RouteModes.Rerank => ("query with the longest document", "documents"),
        _ => ("prompt", "messages"),
    };

    private long InWindow(Deployment deployment) => TextMeasure.EstimateTokens(request.LargestInput ?? request.Size, deployment.Model);

    private Candidate? Price(CompiledDeployment compiled)
    {
        compiled = snapshot.TenantPrices.For(request.Caller.TenantId, request.Caller.Currency, compiled);
        if (compiled.Price is not { } price || snapshot.FindRate(price.Currency, request.Caller.Currency) is not { } rate)
            return null;
        try
        {
            var deployment = compiled.Deployment;
            var output = deployment.MaxOutput > 0 ? Math.Min(outputTokens, deployment.MaxOutput) : outputTokens;
            var input = TextMeasure.UpperBoundTokens(request.Size, deployment.Model);
            var worst = price.WorstBilled(input, (long)output * request.Choices, request.MostSearchUnits(deployment.Model), rate);
            return new Candidate { Deployment = deployment, Rate = rate, WorstCase = worst.ToProto() };
        }
        catch (Exception exception) when (exception is OverflowException or FormatException)
        {
            // A price or rate that cannot be calculated with is as good as none, and never zero.
            return null;
        }
    }
}
