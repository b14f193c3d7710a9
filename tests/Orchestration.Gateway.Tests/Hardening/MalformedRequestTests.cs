using System.Collections.Concurrent;
using System.Text;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Hardening;

/// <summary>Tests of a collection of its own run when all others are done: memory that others use is not counted.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>What nobody should send, over raw sockets.</summary>
[Collection(nameof(Alone))]
public sealed class MalformedRequestTests(GatewayFixture fixture)
{
    private const int Requests = 20_000;
    private const long MostGrowth = 32L * 1024 * 1024;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Twenty_thousand_malformed_requests_are_refused_without_a_server_error_a_second_reading_or_memory()
    {
        await SendAsync(seed: 1, count: 2_000);
        var before = GC.GetTotalMemory(forceFullCollection: true);

        var wrong = await SendAsync(seed: 20_261_123, Requests);

        wrong.Select(found => found.Mistake).Distinct().ShouldBeEmpty(string.Join(Environment.NewLine, wrong.DistinctBy(found => found.Mistake).Select(found => found.Wire)));
        (GC.GetTotalMemory(forceFullCollection: true) - before).ShouldBeLessThan(MostGrowth);
    }

    private async Task<IReadOnlyCollection<(string Mistake, string Wire)>> SendAsync(int seed, int count)
    {
        var wrong = new ConcurrentBag<(string Mistake, string Wire)>();
        var requests = new MalformedRequests(seed, fixture.Gateway.Settings.ClientKey).Take(count);
        await Parallel.ForEachAsync(requests, new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancellation }, async (request, token) =>
        {
            var heard = await RawConnection.SayAsync(fixture.Gateway.HttpAddress, request.Words, ends: true, token);
            if (Mistake(request, heard) is { } mistake)
                wrong.Add(($"{request.Kind}: {mistake}", $"{Shown(request.Words)}{Environment.NewLine}-> {Shown(heard)}"));
        });
        return wrong;
    }

    /// <summary>What is wrong with the answers; null when nothing is.</summary>
    private static string? Mistake(MalformedRequest request, byte[] heard)
    {
        IReadOnlyList<RawAnswer> answers;
        try
        {
            answers = RawAnswer.Read(heard);
        }
        catch (Exception exception) when (exception is FormatException or ArgumentException)
        {
            return exception.Message;
        }

        // 505 is what another version of HTTP is to be told.
        if (answers.Any(answer => answer.Status is >= 500 and not 505))
            return "a server error";
        if (answers.Count > 0 && answers[0].Status < 400)
            return "taken as good";
        if (answers.Count > (request.EndsConnection ? 1 : 2))
            return $"{answers.Count} answers";
        return answers is [_, var second] && (second.Status != 200 || !second.Body.Contains("\"list\"", StringComparison.Ordinal))
            ? "what came after was not read from its beginning"
            : null;
    }

    private static string Shown(byte[] words) => Encoding.Latin1.GetString(words, 0, Math.Min(words.Length, 400));
}
