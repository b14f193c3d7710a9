using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Policy;

namespace Orchestration.Routing.Explanation;

/// <summary>
/// Which of its candidates a route takes by score when all of them are equally fast and well: by expected quality and price, as a gateway does
/// before it has seen anything of them.
/// </summary>
internal static class ExpectedChoice
{
    // As gateways score: a hundred times the least price is worth nothing, what is free counts as a third of it, equal is what differs by less.
    private const double DecadesOfExpense = 2;
    private const decimal FreeShare = 1m / 3;
    private const double EqualWithin = 0.001;
    private const double UnknownQuality = 0.6;

    /// <param name="weights">Of the route.</param>
    /// <param name="requestClass">Of the request.</param>
    /// <param name="candidates">What each would have cost, in one currency; equals are taken in this order.</param>
    public static Deployment? Of(ScoreWeights weights, string requestClass, IReadOnlyList<(Deployment Deployment, decimal Cost)> candidates)
    {
        if (candidates.Count == 0) return null;
        var paid = candidates.Where(candidate => candidate.Cost > 0).Select(candidate => candidate.Cost).DefaultIfEmpty(0).Min();
        var least = candidates.Any(candidate => candidate.Cost == 0) ? paid * FreeShare : paid;
        var sum = weights.Quality + weights.Economy + weights.Latency + weights.Health + weights.Limits + weights.Affinity + weights.Budget;
        return candidates.MinBy(candidate => Rank(QualityOf(candidate.Deployment.Quality, requestClass), Times(candidate.Cost, least))).Deployment;

        double Rank(double quality, decimal timesLeast) =>
            Math.Round((1 - (((weights.Quality * quality) + (weights.Economy * EconomyOf(timesLeast))) / sum)) / EqualWithin);
    }

    private static decimal Times(decimal cost, decimal least) => cost <= least ? 1 : cost / least;

    private static double EconomyOf(decimal timesLeast) => Math.Max(0, 1 - (Math.Log10((double)timesLeast) / DecadesOfExpense));

    private static double QualityOf(QualityPrior? prior, string requestClass) => (prior, requestClass) switch
    {
        (null, _) => UnknownQuality,
        (_, RequestClasses.Simple) => prior.Simple,
        (_, RequestClasses.Complex) => prior.Complex,
        _ => prior.Moderate,
    };
}
