using Orchestration.Contracts.Routing.V1;
using Orchestration.Gateway.Budgets;
using Orchestration.Gateway.RouteTables;

namespace Orchestration.Gateway.Planning.Scoring;

/// <summary>Expects what a request will need on every candidate, and scores the candidates against each other.</summary>
internal sealed class CandidateScorer(LiveStatistics statistics, UsageStatistics usage, WarmPrompts warm, LeaseBook budgets, TimeProvider timeProvider)
{
    private readonly LearnedPools _pools = new(statistics, usage);

    // A hundred times dearer, or ten times slower, than the best of the pool is worth nothing.
    private const double DecadesOfExpense = 2;
    private const double DecadesOfTime = 1;
    private const double ProbingHealth = 0.5;

    // What costs nothing counts as a third of the cheapest that costs something.
    private const double FreeShare = 1.0 / 3;

    // Money for fewer requests than these, each by the dearest candidate, makes the price count more.
    private const double PlentyOfRequests = 1_000;
    private const double UnknownQuality = 0.6;

    /// <summary>What was learned of a pool, to expect and to score by.</summary>
    public LearnedPool LearnedOf(CompiledDeployment[] pool, string route, string requestClass) => _pools.Of(pool, route, requestClass);

    /// <summary>Enters what is expected of every candidate that is left.</summary>
    public void Expect(CandidateSet set, LearnedPool learned, RoutingSnapshot snapshot, PlanningRequest request)
    {
        var common = learned.Outputs.Common;
        var warmAt = warm.FindWarm(request.Keys.Affinity);
        var rates = snapshot.RatesTo(request.Caller.Currency);
        var now = timeProvider.GetUtcNow();
        var items = set.Items;
        for (var i = 0; i < items.Length; i++)
        {
            ref var item = ref items[i];
            if (!item.IsLeft)
                continue;
            ref readonly var known = ref learned.Deployments[i];
            var deployment = item.Compiled.Deployment;
            var input = UsageStatistics.PromptTokens(item.Compiled.Family, known.Prompt, request.Size);
            var cached = warmAt == deployment.Id ? input * known.Seen.CachedShare : 0;
            var answer = Math.Min(OutputLengths.Expect(known.Output, common), MostOutput(request, deployment));
            var output = answer * request.Choices;
            var time = known.Seen.FirstToken + (answer * known.Seen.PerToken);
            var factor = rates.Factor(item.Compiled.Price!.Currency) ?? 1;
            item.Expected = new Expected((long)input, (long)cached, (long)output, time, factor * item.Compiled.ExpenseOf(input, cached, output, now));
        }
    }

    /// <summary>Enters terms and score of every candidate that is left.</summary>
    public void Score(CandidateSet set, LearnedPool learned, in ScoreTerms weights, PlanningRequest request)
    {
        var priorOf = QualityOf(learned.RequestClass);
        var best = BestOf(set.Items);
        var pressure = Pressure(request, best.Dearest);
        var warmAt = warm.FindWarm(request.Keys.Affinity);
        var seconds = statistics.Seconds;
        var items = set.Items;
        for (var i = 0; i < items.Length; i++)
        {
            ref var item = ref items[i];
            if (!item.IsLeft)
                continue;
            var deployment = item.Compiled.Deployment;
            var seen = learned.Deployments[i].Seen;
            var economy = Near(item.Expected.Expense, best.Least, DecadesOfExpense);
            var health = 1 - seen.FailureShare(seconds);
            item.Terms = new ScoreTerms(
                deployment.Quality is { } prior ? priorOf(prior) : UnknownQuality,
                economy,
                Near(item.Expected.Milliseconds, best.Milliseconds, DecadesOfTime),
                item.IsProbing ? health * ProbingHealth : health,
                1 - seen.LimitedShare(seconds),
                warmAt == deployment.Id ? 1 : 0,
                1 - (pressure * (1 - economy)));
            item.Score = item.Terms.Times(weights);
        }
    }

    private static double MostOutput(PlanningRequest request, Deployment deployment)
    {
        var most = request.MaxOutput ?? int.MaxValue;
        return deployment.MaxOutput > 0 ? Math.Min(most, deployment.MaxOutput) : most;
    }

    private static (double Least, double Dearest, double Milliseconds) BestOf(ReadOnlySpan<Considered> items)
    {
        var (cheapest, dearest, fastest, isFree) = (double.PositiveInfinity, 0d, double.PositiveInfinity, false);
        foreach (ref readonly var item in items)
        {
            if (!item.IsLeft)
                continue;
            var expense = item.Expected.Expense;
            isFree |= expense == 0;
            if (expense > 0 && expense < cheapest)
                cheapest = expense;
            if (expense > dearest && double.IsFinite(expense))
                dearest = expense;
            fastest = Math.Min(fastest, item.Expected.Milliseconds);
        }

        return (isFree ? cheapest * FreeShare : cheapest, dearest, fastest);
    }

    /// <summary>1 for the best, 0 for what is so many times ten worse.</summary>
    private static double Near(double value, double best, double decades) =>
        value <= best ? 1 : double.IsFinite(value) ? Math.Max(0, 1 - (Math.Log10(value / best) / decades)) : 0;

    private double Pressure(PlanningRequest request, double dearest)
    {
        var caller = request.Caller;
        return dearest > 0 && budgets.LeftOf(caller.TenantId, caller.ProjectId, caller.KeyId) is { } left
            ? Math.Clamp(1 - ((double)left / (dearest * PlentyOfRequests)), 0, 1)
            : 0;
    }

    private static Func<QualityPrior, double> QualityOf(string requestClass) => requestClass switch
    {
        "simple" => static prior => prior.Simple,
        "complex" => static prior => prior.Complex,
        _ => static prior => prior.Moderate,
    };
}
