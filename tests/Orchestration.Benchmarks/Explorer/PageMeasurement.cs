using Grpc.Net.Client;
using Orchestration.Benchmarks.Ingest;
using Orchestration.Benchmarks.Measuring;
using Orchestration.Contracts.Metrics.V1;
using Spectre.Console;

namespace Orchestration.Benchmarks.Explorer;

/// <summary>Times first pages, and pages that a token far inside the ledger leads to, over the wire.</summary>
internal sealed class PageMeasurement(ExplorerPlan plan, LedgerCalendar calendar, MetricsProcess metrics) : IDisposable
{
    private const int PageSize = 50;
    private const int PagesInARow = 4;
    private const int WarmUp = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly GrpcChannel _channel = GrpcChannel.ForAddress(metrics.Address);
    private readonly Random _random = new(plan.Seed);

    public async Task<IReadOnlyList<PageFigures>> RunAsync(CancellationToken cancellationToken)
    {
        var figures = new List<PageFigures>();
        await AnsiConsole.Progress().StartAsync(async progress =>
        {
            var searches = PageSearch.All(plan);
            var task = progress.AddTask("pages", maxValue: searches.Count);
            // The service compiles while it runs: whatever comes first would pay for all.
            for (var call = 0; call < WarmUp; call++)
            {
                foreach (var search in searches)
                    await TimeAsync(search.Ask(_random), new Samples(), cancellationToken);
            }

            foreach (var search in searches)
            {
                figures.Add(await MeasureAsync(search, cancellationToken));
                task.Increment(1);
            }
        });
        return figures;
    }

    public void Dispose() => _channel.Dispose();

    private async Task<PageFigures> MeasureAsync(PageSearch search, CancellationToken cancellationToken)
    {
        var result = new PageFigures(search.Name, new Samples(), new Samples());
        for (var sample = 0; sample < plan.Samples; sample++)
        {
            var page = await TimeAsync(search.Ask(_random), result.First, cancellationToken);
            result.Found += page.Requests.Count;
        }

        while (result.Deep.Count < plan.Samples)
            await FollowAsync(search.Deep(_random, calendar), result, cancellationToken);
        return result;
    }

    private async Task FollowAsync(ListRequestsRequest request, PageFigures result, CancellationToken cancellationToken)
    {
        for (var step = 0; step < PagesInARow; step++)
        {
            var page = await TimeAsync(request, result.Deep, cancellationToken);
            if (page.NextPageToken.Length == 0)
                return;
            request.PageToken = page.NextPageToken;
        }
    }

    private async Task<ListRequestsResponse> TimeAsync(ListRequestsRequest request, Samples samples, CancellationToken cancellationToken)
    {
        request.PageSize = PageSize;
        var client = new LedgerService.LedgerServiceClient(_channel);
        var begun = TimeProvider.System.GetTimestamp();
        var page = await client.ListRequestsAsync(request, MetricsProcess.Calls.For("", "admin", Patience, cancellationToken));
        samples.Add(TimeProvider.System.GetElapsedTime(begun).TotalMilliseconds);
        return page;
    }
}

internal sealed record PageFigures(string Name, Samples First, Samples Deep)
{
    /// <summary>Requests on all first pages.</summary>
    public int Found { get; set; }
}
