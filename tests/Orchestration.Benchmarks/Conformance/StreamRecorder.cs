using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Orchestration.Benchmarks.Running;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Testing;

namespace Orchestration.Benchmarks.Conformance;

/// <summary>Stands between Providers and the simulator and keeps the bytes of streams, one file per line of the table.</summary>
internal sealed class StreamRecorder : IAsyncDisposable
{
    // Every stream is split at each of its bytes: a long one costs much and shows nothing more.
    private const int Longest = 4500;

    private static readonly string Folder = Path.Combine(RepositoryRoot.Path, "tests", "Orchestration.Providers.Tests", "Conformance", "Recorded");

    private readonly WebApplication _app;
    private readonly HttpClient _client;
    private string _last = "";

    private StreamRecorder(Uri simulator)
    {
        _client = new HttpClient { BaseAddress = simulator, Timeout = TimeSpan.FromSeconds(20) };
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        _app = builder.Build();
        Address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{Ports.Free()}"));
        _app.Urls.Add(Address.ToString());
        _app.Run(PassAsync);
    }

    private Uri Address { get; }

    /// <summary>Records a few short streams of each kind and vendor.</summary>
    /// <returns>Number of streams.</returns>
    public static async Task<int> RecordAsync(IReadOnlyList<VendorRow> rows, Uri simulator, ExecutionClient client, CancellationToken cancellationToken)
    {
        await using var recorder = new StreamRecorder(simulator);
        await recorder._app.StartAsync(cancellationToken);
        Directory.CreateDirectory(Folder);
        var count = 0;
        foreach (var row in rows.Where(r => r.Model.Length > 0))
        {
            var text = new StringBuilder();
            count += await recorder.RowAsync(row, client, simulator, text, cancellationToken);
            if (text.Length > 0)
                await System.IO.File.WriteAllTextAsync(Path.Combine(Folder, row.Row + ".streams"), text.ToString(), cancellationToken);
        }
        return count;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _client.Dispose();
    }

    private async Task<int> RowAsync(VendorRow row, ExecutionClient client, Uri simulator, StringBuilder text, CancellationToken cancellationToken)
    {
        using var witness = new SimulatorWitness(simulator, row.Provider);
        var plans = new VendorPlans(Address, row);
        var count = 0;
        foreach (var stream in Streams(row))
        {
            await witness.ShapeAsync(stream.Model, 4, 0, 0, cancellationToken);
            if (stream.Fault.Length > 0)
                await witness.FaultAsync(stream.Model, stream.Fault, cancellationToken);
            _last = "";
            await client.ChatAsync(plans.Chat(stream.Request, stream.Model), null, cancellationToken);
            await witness.UnshapeAsync(stream.Model, cancellationToken);
            if (_last.Length is 0 or > Longest)
                continue;
            text.Append(CultureInfo.InvariantCulture, $"--- stream {stream.Name} {row.Protocol} {stream.Model}\n{_last.ReplaceLineEndings("\n").TrimEnd('\n')}\n\n");
            count++;
        }
        return count;
    }

    private static IEnumerable<(string Name, string Model, ChatRequest Request, string Fault)> Streams(VendorRow row)
    {
        yield return ("english", row.Model, Short("hi", 10), "");
        yield return ("chinese", row.Model, Short("四", 10), "");
        yield return ("length", row.Model, Short("hi", 2), "");
        yield return ("tool", row.Model, SampleRequests.Tools(parallel: false, reasoning: false), "");
        yield return ("tools", row.Model, SampleRequests.Tools(parallel: true, reasoning: false), "");
        yield return ("schema", row.Format ?? row.Model, SampleRequests.Schema(), "");
        yield return ("cut", row.Model, Short("hi", 9), "cut-before-finish");
        yield return ("error", row.Model, Short("hi", 9), "error-in-200@2");
        yield return ("no-end", row.Model, Short("hi", 9), "end-before-finish");
        if (row.Reasoning is not { } thinker)
            yield break;
        yield return ("thought", thinker, Short("hi", 7, thinks: true), "");
    }

    private static ChatRequest Short(string text, int limit = 40, bool thinks = false)
    {
        var request = SampleRequests.Plain(true, text);
        request.MaxOutputTokens = limit;
        request.Reasoning = thinks ? new Reasoning { Enabled = true, Effort = "low" } : new Reasoning { Enabled = false };
        return request;
    }

    private async Task PassAsync(HttpContext context)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, context.Request.Path.ToUriComponent().TrimStart('/') + context.Request.QueryString);
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body, context.RequestAborted);
        request.Content = new ByteArrayContent(body.ToArray());
        request.Content.Headers.TryAddWithoutValidation("content-type", "application/json");
        foreach (var (name, value) in context.Request.Headers.Where(h => h.Key is "Authorization" or "x-api-key" or "x-goog-api-key" or "api-key" or "anthropic-version"))
            request.Headers.TryAddWithoutValidation(name, value.ToString());
        using var response = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        context.Response.StatusCode = (int)response.StatusCode;
        context.Response.ContentType = response.Content.Headers.ContentType?.ToString();
        var kept = await KeptAsync(response, context.RequestAborted);
        if (response.IsSuccessStatusCode)
            _last = Encoding.UTF8.GetString(kept);
        await context.Response.Body.WriteAsync(kept, context.RequestAborted);
    }

    // A stream that breaks is kept as far as it came.
    private static async Task<byte[]> KeptAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        using var kept = new MemoryStream();
        try
        {
            await stream.CopyToAsync(kept, cancellationToken);
        }
        catch (Exception broken) when (broken is IOException or HttpRequestException)
        {
            return kept.ToArray();
        }
        return kept.ToArray();
    }
}
