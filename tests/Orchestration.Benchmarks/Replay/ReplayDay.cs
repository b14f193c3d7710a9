using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Orchestration.Benchmarks.Running;

namespace Orchestration.Benchmarks.Replay;

/// <summary>One day by one way to choose. At the peak the vendor who answered most of it goes down.</summary>
internal sealed class ReplayDay(ReplayPlan plan, ChatGateway gateway, string key, SimulatorAdmin simulator, IReadOnlyList<ReplayModel> models)
{
    private readonly TimeProvider _time = TimeProvider.System;
    private readonly Dictionary<string, ReplayModel> _models = models.ToDictionary(model => model.Id);

    /// <param name="name">For people.</param>
    /// <param name="asked">Model or route that every request asks for.</param>
    /// <param name="rows">The prompts.</param>
    /// <param name="cancellationToken">Ends the day.</param>
    public async Task<DayResult> RunAsync(string name, string asked, IReadOnlyList<ScoredRow> rows, CancellationToken cancellationToken)
    {
        var curve = new DayCurve(plan.Day);
        var (from, to) = curve.Outage;
        var (answers, state) = (new Task<ReplayAnswer>[rows.Count], 0);
        var began = _time.GetTimestamp();
        var down = "";
        for (var i = 0; i < rows.Count; i++)
        {
            var due = curve.TimeOf(i, rows.Count);
            if (due - _time.GetElapsedTime(began) is { Ticks: > 0 } wait)
                await Task.Delay(wait, _time, cancellationToken);
            if (state == 0 && due >= from)
            {
                (state, down) = (1, BusiestOf(answers.Take(i)));
                await simulator.FaultAsync(new ModelName(down, "*"), "server", 1_000_000, cancellationToken);
                Screen.Note($"{name}: {down} is down");
            }
            else if (state == 1 && due >= to)
            {
                state = 2;
                await simulator.ClearFaultsAsync(cancellationToken);
            }

            answers[i] = AskAsync(asked, rows[i], state == 1, cancellationToken);
        }

        return new DayResult(name, down, await Task.WhenAll(answers));
    }

    private string BusiestOf(IEnumerable<Task<ReplayAnswer>> answers) => answers
        .Where(answer => answer.IsCompletedSuccessfully && answer.Result.Model is not null)
        .GroupBy(answer => _models[answer.Result.Model!].Name.Vendor)
        .MaxBy(group => group.Count())?.Key ?? throw new InvalidOperationException("Nothing was answered before the outage.");

    private async Task<ReplayAnswer> AskAsync(string asked, ScoredRow row, bool inOutage, CancellationToken cancellationToken)
    {
        var start = _time.GetTimestamp();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/v1/chat/completions");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", key);
        request.Content = new StringContent(
            JsonSerializer.Serialize(new { model = asked, max_tokens = plan.Tokens, messages = new[] { new { role = "user", content = row.Prompt } } }), Encoding.UTF8, "application/json");
        using var response = await gateway.Public.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        var milliseconds = _time.GetElapsedTime(start).TotalMilliseconds;
        if (!response.IsSuccessStatusCode)
            return new ReplayAnswer(row, null, 0, milliseconds, inOutage, $"{(int)response.StatusCode} {text[..Math.Min(text.Length, 200)]}");
        var cost = response.Headers.GetValues("x-orchestration-cost").Single().Split(' ')[0];
        return new ReplayAnswer(row, response.Headers.GetValues("x-orchestration-model").Single(), decimal.Parse(cost, CultureInfo.InvariantCulture), milliseconds, inOutage, null);
    }
}

/// <param name="Row">What was asked.</param>
/// <param name="Model">Who answered; null when nobody did.</param>
/// <param name="Cost">In USD.</param>
/// <param name="Milliseconds">To the last byte, in compressed time.</param>
/// <param name="InOutage">Whether it was sent while a vendor was down.</param>
/// <param name="Failure">Null when it was answered.</param>
internal sealed record ReplayAnswer(ScoredRow Row, string? Model, decimal Cost, double Milliseconds, bool InOutage, string? Failure)
{
    /// <summary>Of the answer; nothing is worth nothing.</summary>
    public double Quality => Model is null ? 0 : Row.Scores[Model];
}
