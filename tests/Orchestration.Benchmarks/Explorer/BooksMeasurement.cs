using System.Globalization;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Grpc.Net.Client;
using Orchestration.Benchmarks.Ingest;
using Orchestration.Contracts.Metrics.V1;
using Spectre.Console;

namespace Orchestration.Benchmarks.Explorer;

/// <summary>Times what finance does at the end of a month, over the wire: comparing, a statement, a re-pricing that is taken back, closing the month.</summary>
internal sealed class BooksMeasurement : IDisposable
{
    private const string Actor = "explorer";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(30);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(2);

    private readonly LedgerCalendar _calendar;
    private readonly GrpcChannel _channel;
    private readonly RepricingService.RepricingServiceClient _repricings;

    public BooksMeasurement(LedgerCalendar calendar, MetricsProcess metrics)
    {
        _calendar = calendar;
        _channel = GrpcChannel.ForAddress(metrics.Address);
        _repricings = new RepricingService.RepricingServiceClient(_channel);
    }

    public async Task RunAsync(Verdict verdict, CancellationToken cancellationToken)
    {
        var month = _calendar.Months[^2];
        var table = new Table().Border(TableBorder.Rounded).Title($"books of {month:yyyy-MM}");
        table.AddColumns("what", "of", "s");
        await TimeAsync("comparing one day", () => CompareAsync(verdict, month.AddDays(14), month.AddDays(14), cancellationToken));
        await TimeAsync("comparing the month", () => CompareAsync(verdict, month, month.AddMonths(1).AddDays(-1), cancellationToken));
        await TimeAsync("statement of the largest tenant", () => StateAsync(month, cancellationToken));
        var repricing = new Repricing();
        await TimeAsync("preparing a re-pricing of all tenants", async () =>
        {
            repricing = await PrepareAsync(verdict, month, cancellationToken);
            return $"{repricing.AttemptsSeen} attempts";
        });
        await TimeAsync("applying it", async () =>
        {
            await _repricings.ApplyRepricingAsync(new ApplyRepricingRequest { RepricingId = repricing.RepricingId }, Call(cancellationToken));
            return Told(await ReachedAsync(verdict, repricing, RepricingState.Applied, cancellationToken));
        });
        await TimeAsync("taking it back", async () =>
        {
            await _repricings.ReverseRepricingAsync(new ReverseRepricingRequest { RepricingId = repricing.RepricingId }, Call(cancellationToken));
            return Told(await ReachedAsync(verdict, repricing, RepricingState.Reversed, cancellationToken));
        });
        await TimeAsync("closing for all tenants", () => CloseAsync(verdict, month, cancellationToken));
        AnsiConsole.Write(table);

        async Task TimeAsync(string name, Func<Task<string>> act)
        {
            var begun = TimeProvider.System.GetTimestamp();
            var extent = await act();
            table.AddRow(name, extent, TimeProvider.System.GetElapsedTime(begun).TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture));
        }
    }

    public void Dispose() => _channel.Dispose();

    private async Task<string> CompareAsync(Verdict verdict, DateTimeOffset first, DateTimeOffset last, CancellationToken cancellationToken)
    {
        var client = new ReconciliationService.ReconciliationServiceClient(_channel);
        var question = new ReconcileRequest { FirstDay = Day(first), LastDay = Day(last) };
        var end = new Reconciliation();
        using (var run = client.Reconcile(question, Call(cancellationToken)))
            await foreach (var told in run.ResponseStream.ReadAllAsync(cancellationToken))
                end = told;
        var found = await client.GetReconciliationAsync(new GetReconciliationRequest { ReconciliationId = end.ReconciliationId }, Call(cancellationToken));
        var kinds = string.Join(", ", found.Findings.CountBy(finding => finding.Kind).Select(kind => $"{kind.Value} {kind.Key}"));
        verdict.Require(end is { State: "finished", Gaps: 0 }, $"comparing {question.FirstDay} to {question.LastDay}: {end.State}, {end.Gaps} gaps ({kinds})");
        return $"{end.DaysDone} days, {end.Gaps} gaps";
    }

    private async Task<string> StateAsync(DateTimeOffset month, CancellationToken cancellationToken)
    {
        var statement = await new ReportService.ReportServiceClient(_channel).GetStatementAsync(
            new StatementRequest { TenantId = LedgerTraffic.TenantName(0), Month = Month(month) }, Call(cancellationToken));
        return $"{statement.Lines.Count} lines, {statement.Lines.Sum(line => line.Requests)} requests";
    }

    private async Task<Repricing> PrepareAsync(Verdict verdict, DateTimeOffset month, CancellationToken cancellationToken)
    {
        var repricing = await _repricings.PrepareRepricingAsync(
            new PrepareRepricingRequest
            {
                PeriodFrom = month.ToTimestamp(),
                PeriodTo = month.AddMonths(1).ToTimestamp(),
                Filter = new RepricingFilter(),
                Rules = { new RepricingRule { AppliesTo = new RepricingFilter(), Factor = "0.9" } },
                Reason = "A tenth less, to see how long it takes.",
                Actor = Actor,
            },
            Call(cancellationToken));
        return await ReachedAsync(verdict, repricing, RepricingState.Prepared, cancellationToken);
    }

    private async Task<Repricing> ReachedAsync(Verdict verdict, Repricing repricing, RepricingState state, CancellationToken cancellationToken)
    {
        var question = new GetRepricingRequest { RepricingId = repricing.RepricingId };
        var current = await _repricings.GetRepricingAsync(question, Call(cancellationToken));
        while (current.State != state && current.State is RepricingState.Preparing or RepricingState.Applying or RepricingState.Reversing)
        {
            await Task.Delay(BetweenLooks, cancellationToken);
            current = await _repricings.GetRepricingAsync(question, Call(cancellationToken));
        }

        verdict.Require(current.State == state, $"re-pricing: {current.State} instead of {state}, {current.Problem}");
        return current;
    }

    private static string Told(Repricing repricing) => $"{repricing.AttemptsDiffering} attempts, {repricing.AttemptsStale} stale";

    private async Task<string> CloseAsync(Verdict verdict, DateTimeOffset month, CancellationToken cancellationToken)
    {
        var closed = await _repricings.CloseMonthAsync(
            new CloseMonthRequest { Month = Month(month), Actor = Actor }, Call(cancellationToken));
        verdict.Require(closed.Totals.Count > 0, "the closed month has no totals");
        return $"{closed.Totals.Sum(total => total.Attempts)} attempts";
    }

    // Made for each call: the token in it lives a minute.
    private static CallOptions Call(CancellationToken cancellationToken) => MetricsProcess.Calls.For("", "admin", Patience, cancellationToken);

    private static string Day(DateTimeOffset moment) => moment.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private static string Month(DateTimeOffset moment) => moment.ToString("yyyy-MM", CultureInfo.InvariantCulture);
}
