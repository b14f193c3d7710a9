using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Gateway.Execution;

/// <summary>What is told of an answer that no provider was asked for.</summary>
internal static class PreparedAnswer
{
    /// <summary>Who answers, to this request.</summary>
    public static ResponseStarted Begin(AdmittedRequest request, ResponseStarted made)
    {
        var started = made.Clone();
        started.Route = request.Plan.Route;
        foreach (var warning in request.Plan.Warnings)
        {
            if (!started.Warnings.Contains(warning))
                started.Warnings.Add(warning);
        }

        return started;
    }

    /// <summary>It costs nothing.</summary>
    public static Summary Free(AdmittedRequest request) => new()
    {
        Settlement = Contracts.Chat.V1.Settlement.Released,
        Cost = new Contracts.Pricing.V1.Money { Amount = "0", Currency = request.Attribution.Currency },
    };
}
