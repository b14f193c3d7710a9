using System.Net.Http.Headers;
using System.Text;
using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Policy;

/// <summary>Sends requests at a steady rate to gateways in turn, however long answers take.</summary>
internal sealed class SteadyLoad(IReadOnlyList<ChatGateway> gateways, string key, int perSecond)
{
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(5);
    private readonly TimeProvider _time = TimeProvider.System;
    private long _open;

    /// <summary>Asks for a model or route once.</summary>
    public static async Task<LoadAnswer> AskAsync(ChatGateway gateway, string key, string model, bool stream, CancellationToken cancellationToken)
    {
        var start = TimeProvider.System.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = new StringContent(
            $$"""{"model":"{{model}}","max_tokens":16,"stream":{{(stream ? "true" : "false")}},"messages":[{"role":"user","content":"Where is my parcel?"}]}""", Encoding.UTF8, "application/json");
        try
        {
            using var response = await gateway.Public.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            var answered = response.IsSuccessStatusCode && (!stream || text.Contains("data: [DONE]", StringComparison.Ordinal)) && !text.Contains("\"error\":{", StringComparison.Ordinal);
            return new LoadAnswer(
                model,
                answered ? null : $"{(int)response.StatusCode} {text[..Math.Min(text.Length, 300)]}",
                HeaderOf(response, "x-orchestration-policy"),
                HeaderOf(response, "x-orchestration-model"),
                HeaderOf(response, "x-orchestration-warnings"),
                TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            return new LoadAnswer(model, failure.Message, "", "", "", TimeProvider.System.GetElapsedTime(start).TotalMilliseconds);
        }
    }

    /// <summary>Asks until it is stopped; every request that was sent is answered or failed by then.</summary>
    /// <param name="modelOf">What the n-th request asks for.</param>
    /// <param name="judge">Takes the gateway's number and what it answered; called from many threads.</param>
    /// <param name="stop">Ends the sending.</param>
    public async Task RunAsync(Func<long, string> modelOf, Action<int, LoadAnswer> judge, CancellationToken stop)
    {
        var began = _time.GetTimestamp();
        long sent = 0;
        while (!stop.IsCancellationRequested)
        {
            for (var due = (long)(_time.GetElapsedTime(began).TotalSeconds * perSecond); sent < due; sent++)
            {
                Interlocked.Increment(ref _open);
                _ = OneAsync(sent, modelOf(sent), judge);
            }

            await Task.Delay(Tick, _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        while (Interlocked.Read(ref _open) > 0)
            await Task.Delay(Tick, _time, CancellationToken.None);
    }

    private async Task OneAsync(long number, string model, Action<int, LoadAnswer> judge)
    {
        var gateway = (int)(number % gateways.Count);
        judge(gateway, await AskAsync(gateways[gateway], key, model, stream: number / gateways.Count % 2 == 0, CancellationToken.None));
        Interlocked.Decrement(ref _open);
    }

    private static string HeaderOf(HttpResponseMessage response, string name) => response.Headers.TryGetValues(name, out var values) ? string.Join('|', values) : "";
}

/// <param name="Asked">Model or route that was asked for.</param>
/// <param name="Failure">Null for a whole answer.</param>
/// <param name="Policy">Version that it was planned by; several are joined by a bar.</param>
/// <param name="Model">Who answered.</param>
/// <param name="Warnings">As the gateway told them.</param>
/// <param name="Milliseconds">To the last byte.</param>
internal sealed record LoadAnswer(string Asked, string? Failure, string Policy, string Model, string Warnings, double Milliseconds);
