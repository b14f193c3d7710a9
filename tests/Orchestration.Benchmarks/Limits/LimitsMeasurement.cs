using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Orchestration.Benchmarks.Revocation;
using Orchestration.Testing;
using Spectre.Console;

namespace Orchestration.Benchmarks.Limits;

/// <summary>
/// How many requests gateways let in together when more are asked for than a limit allows: with Redis there, frozen for two windows, back, and
/// killed and replaced by an empty one. The gateways stand alone, so a request that is let in ends at the route that they do not have.
/// </summary>
internal sealed class LimitsMeasurement(LimitsLoad load)
{
    private const string Body = """{"model":"any","max_tokens":16,"messages":[{"role":"user","content":"Hi"}]}""";

    /// <summary>What an ended request finds when the limits let it in: these gateways know of no route.</summary>
    private const string NoRoute = "routing_unavailable";

    /// <summary>Longest until all gateways count in Redis again.</summary>
    private const double ReturnMilliseconds = 12_000;

    private readonly LimitAnswers _answers = new();
    private readonly List<(string Name, double From, double To)> _phases = [];
    private readonly TimeProvider _time = TimeProvider.System;
    private long _began;

    private double Length => load.WindowSeconds * 1000.0;

    private double Now => _time.GetElapsedTime(_began).TotalMilliseconds;

    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        await using var stores = await BackingServices.StartAsync(BackingService.Postgres, cancellationToken);
        await using var redis = new OwnRedis();
        await redis.StartAsync(cancellationToken);
        await using var fleet = await GatewayFleet.StartAsync(stores, load.Gateways, cancellationToken, redis.ConnectionString);
        var key = await KeyAsync(fleet, cancellationToken);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Screen.Note($"asking {load.Gateways} gateways for {load.Demand} times {load.Amount} requests in {load.WindowSeconds} s");
        _began = _time.GetTimestamp();
        var asking = Task.WhenAll(Enumerable.Range(0, load.Clients).Select(client => AskAsync(fleet, key, client, stop.Token)));
        var window = TimeSpan.FromSeconds(load.WindowSeconds);
        await PhaseAsync("there", () => Task.Delay(window * 4, _time, cancellationToken));
        await PhaseAsync("frozen", () => redis.FreezeAsync(window * 2.5, cancellationToken));
        await PhaseAsync("back", () => Task.Delay((window * 3) + TimeSpan.FromMilliseconds(ReturnMilliseconds), _time, cancellationToken));
        await PhaseAsync("killed", () => redis.ReplaceAsync(window * 2.5, cancellationToken));
        await PhaseAsync("new", () => Task.Delay((window * 3) + TimeSpan.FromMilliseconds(ReturnMilliseconds), _time, cancellationToken));
        await stop.CancelAsync();
        await asking;
        return Report();
    }

    private async Task PhaseAsync(string name, Func<Task> phase)
    {
        var from = Now;
        await phase();
        _phases.Add((name, from, Now));
        Screen.Note($"redis {name}: {_answers.Between(from, Now).LetIn} let in in {(Now - from) / 1000:0.0} s");
    }

    private async Task<string> KeyAsync(GatewayFleet fleet, CancellationToken cancellationToken)
    {
        var tenant = $"measured-{Guid.CreateVersion7():N}";
        await fleet.PostAsync(0, "/admin/v1/tenants", new { tenantId = tenant, name = "Measured", currency = "USD" }, cancellationToken);
        await fleet.PostAsync(0, $"/admin/v1/tenants/{tenant}/projects", new { projectId = "default", name = "Default" }, cancellationToken);
        var limits = new[] { new { kind = "LIMIT_KIND_REQUESTS", amount = load.Amount, window = $"{load.WindowSeconds}s" } };
        var made = await fleet.PostAsync(0, $"/admin/v1/tenants/{tenant}/keys", new { projectId = "default", name = "Measured", limits }, cancellationToken);
        return made.GetProperty("secret").GetString()!;
    }

    private async Task AskAsync(GatewayFleet fleet, string key, int client, CancellationToken stop)
    {
        var pause = Length * load.Clients / (load.Amount * load.Demand);
        for (var turn = 0; !stop.IsCancellationRequested; turn++)
        {
            var due = ((turn * load.Clients) + client) * pause / load.Clients;
            if (due > Now)
                await Task.Delay(TimeSpan.FromMilliseconds(due - Now), _time, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (!stop.IsCancellationRequested)
                await AskOnceAsync(fleet.Public[(client + turn) % load.Gateways], key);
        }
    }

    private async Task AskOnceAsync(HttpClient gateway, string key)
    {
        var sent = Now;
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions") { Content = new StringContent(Body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        using var response = await gateway.SendAsync(request, CancellationToken.None);
        var code = JsonDocument.Parse(await response.Content.ReadAsStringAsync(CancellationToken.None)).RootElement.GetProperty("error").GetProperty("code").GetString()!;
        if (code == NoRoute)
            _answers.AddLetIn(sent, Now);
        else if (response.StatusCode == HttpStatusCode.TooManyRequests)
            _answers.AddRefused(Now);
        else
            _answers.AddWrong($"{(int)response.StatusCode} {code}");
    }

    // Whatever touches an outage, or the time until all gateways are back from it, has the wider bound.
    private bool IsTroubled(double from, double to) =>
        _phases.Any(phase => phase.Name is "frozen" or "killed" && to > phase.From && from < phase.To + ReturnMilliseconds + Length);

    private int Report()
    {
        var table = new Table().Border(TableBorder.Rounded);
        table.AddColumns("window from s", "redis", "let in", "limit", "refused");
        for (var from = 0.0; from + Length <= _phases[^1].To; from += Length)
        {
            var (letIn, refused) = _answers.Between(from, from + Length);
            var redis = string.Join(", ", _phases.Where(phase => phase.From < from + Length && phase.To > from).Select(phase => phase.Name));
            table.AddRow((from / 1000).Text("0"), redis, $"{letIn}", $"{load.Amount}", $"{refused}");
        }

        AnsiConsole.Write(table);
        var whole = _answers.Most(Length, (from, to) => !IsTroubled(from, to));
        var troubled = _answers.Most(Length, IsTroubled);
        var (used, _) = _answers.Between(Length, _phases[0].To);
        var use = used / (load.Amount * (_phases[0].To - Length) / Length);
        var verdict = new Verdict("limits");
        verdict.Add($"most in any {load.WindowSeconds} s window {whole} of {load.Amount} with Redis, {troubled} while it is away or just back");
        verdict.Add($"use under {load.Demand:0.#} times the demand {use:P1}, {_answers.LetIn} let in");
        verdict.AtMost("most in a window", whole, load.Amount);
        verdict.AtMost("most in a window without Redis", troubled, load.Amount * 1.1);
        verdict.Require(use >= 0.98, "Less than 98 % of the limit was given out.");
        verdict.Require(_answers.Wrong.Count == 0, $"Other answers: {string.Join(", ", _answers.Wrong.Select(wrong => $"{wrong.Value} x {wrong.Key}"))}.");
        return verdict.Close();
    }
}
