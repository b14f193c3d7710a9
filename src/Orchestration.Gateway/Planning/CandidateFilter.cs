using System.Globalization;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Errors;
using Orchestration.Gateway.Planning.Scoring;
using Orchestration.Gateway.RouteTables;
using Orchestration.Pricing;

namespace Orchestration.Gateway.Planning;

/// <summary>Says which deployments cannot answer a request, and remembers why.</summary>
internal sealed class CandidateFilter(RoutingSnapshot snapshot, PlanningRequest request, int outputTokens)
{
    private readonly RatesTo _rates = snapshot.RatesTo(request.Caller.Currency);
    private readonly Residency? _residency = snapshot.ResidencyOf(request.Caller.TenantId);
    private CompiledDeployment? _incapable;
    private CompiledDeployment? _tooSmall;
    private bool _priceUnknown;
    private bool _elsewhere;

    /// <summary>Adds a deployment, as the tenant pays for it, with the reason that keeps it from answering.</summary>
    public void Consider(CompiledDeployment compiled, CandidateSet set)
    {
        var drop = Check(ref compiled);
        switch (drop)
        {
            case Drop.Residency:
                _elsewhere = true;
                break;
            case Drop.Capability:
                _incapable = compiled;
                break;
            case Drop.ContextWindow:
                _tooSmall = compiled;
                break;
            case Drop.Price:
                _priceUnknown = true;
                break;
        }

        set.Add(compiled, drop);
    }

    /// <summary>The candidate with what is pinned for the request; null when its price cannot be calculated with.</summary>
    /// <param name="compiled">As the tenant pays for it.</param>
    /// <param name="worst">The most that it can cost.</param>
    public Candidate? ToCandidate(CompiledDeployment compiled, out Money worst)
    {
        worst = default;
        try
        {
            var deployment = compiled.Deployment;
            if (compiled.Price is not { } price || _rates.Find(price.Currency) is not { } rate)
                return null;
            var output = deployment.MaxOutput > 0 ? Math.Min(outputTokens, deployment.MaxOutput) : outputTokens;
            worst = price.WorstBilled(compiled.Family.UpperBound(request.Size), (long)output * request.Choices, request.MostSearchUnits(deployment.Model), rate);
            return new Candidate { Deployment = deployment, Rate = rate, WorstCase = worst.ToProto() };
        }
        catch (Exception exception) when (exception is OverflowException or FormatException)
        {
            // A price or rate that cannot be calculated with is as good as none, and never zero.
            _priceUnknown = true;
            return null;
        }
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
                Message = $"The {LongestOf(request.Mode).Name} is too long for '{request.Model}': {TooLong(_tooSmall)}.",
                Param = LongestOf(request.Mode).Param,
            };
        }

        if (_incapable is null && _elsewhere)
            return Failures.PermissionDenied("residency", $"'{request.Model}' is not served in a region that this tenant's data may go to.", "model");

        return _incapable is null
            ? Failures.Unavailable("no_deployment", $"No deployment serves '{request.Model}' right now.")
            : Failures.Invalid("unsupported_by_model", $"'{request.Model}' does not support {request.Needs.Missing(_incapable.Deployment.Capabilities)}.", "model");
    }

    /// <summary>Why a deployment was dropped, for a person; empty when it was not.</summary>
    public string Describe(in Considered considered) => considered.Drop switch
    {
        Drop.None => "",
        Drop.Residency => $"it stands in '{considered.Compiled.Deployment.Region}', where the tenant's data may not go",
        Drop.Capability => $"it does not support {request.Needs.Missing(considered.Compiled.Deployment.Capabilities)}",
        Drop.ContextWindow => $"the prompt is too long: {TooLong(considered.Compiled)}",
        Drop.Price => "its price is not known",
        Drop.Cooling => "it is cooling after failures",
        Drop.CostCap => "it is expected to cost more than the request's cap",
        _ => "it is expected to answer after the request's deadline",
    };

    private Drop Check(ref CompiledDeployment compiled)
    {
        var deployment = compiled.Deployment;
        if (_residency is not null && !_residency.Regions.Contains(deployment.Region))
            return Drop.Residency;
        if (request.Needs.Missing(deployment.Capabilities) is not null)
            return Drop.Capability;
        if (deployment.ContextWindow > 0 && InWindow(compiled) > deployment.ContextWindow)
            return Drop.ContextWindow;
        compiled = snapshot.TenantPrices.For(request.Caller.TenantId, request.Caller.Currency, compiled);
        return compiled.Price is { } price && _rates.Find(price.Currency) is not null ? Drop.None : Drop.Price;
    }

    private string TooLong(CompiledDeployment compiled) =>
        string.Create(CultureInfo.InvariantCulture, $"about {InWindow(compiled)} tokens for a context window of {compiled.Deployment.ContextWindow}");

    private long InWindow(CompiledDeployment compiled) => compiled.Family.Estimate(request.LargestInput ?? request.Size);

    private static (string Name, string Param) LongestOf(string mode) => mode switch
    {
        RouteModes.Embedding => ("longest input", "input"),
        RouteModes.Rerank => ("query with the longest document", "documents"),
        _ => ("prompt", "messages"),
    };
}
