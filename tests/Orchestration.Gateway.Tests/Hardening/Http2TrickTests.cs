using System.Net;
using Orchestration.Gateway.Tests.Hosting;

namespace Orchestration.Gateway.Tests.Hardening;

/// <summary>What clients can do to HTTP/2, on the listener that speaks it.</summary>
public sealed class Http2TrickTests(GatewayFixture fixture)
{
    private const int FloodFrames = 50_000;
    private const int PerWrite = 500;
    private const long MostGrowth = 64 * 1024 * 1024;
    private const string Open = "/alive";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan OthersWait = TimeSpan.FromSeconds(5);
    private static readonly (string, string)[] Good = [(":method", "GET"), (":scheme", "http"), (":path", Open), (":authority", "h")];

    public static TheoryData<string> Bad => [.. BadFields.Keys];

    private Uri Server => fixture.Gateway.GrpcAddress;

    private static readonly Dictionary<string, (string, string)[]> BadFields = new()
    {
        ["name in upper case"] = [.. Good, ("X-Upper", "1")],
        ["no method"] = [.. Good[1..]],
        ["no path"] = [.. Good.Where(field => field.Item1 != ":path")],
        ["no scheme"] = [.. Good.Where(field => field.Item1 != ":scheme")],
        ["two paths"] = [.. Good, (":path", "/v1/models")],
        ["two methods"] = [.. Good, (":method", "POST")],
        ["empty path"] = [.. Good.Where(field => field.Item1 != ":path"), (":path", "")],
        ["path with a space"] = [.. Good.Where(field => field.Item1 != ":path"), (":path", "/alive HTTP/1.1")],
        ["path without a slash"] = [.. Good.Where(field => field.Item1 != ":path"), (":path", "alive")],
        ["method with a space"] = [.. Good.Where(field => field.Item1 != ":method"), (":method", "GET /alive")],
        ["pseudo field behind a usual one"] = [.. Good[..3], ("x-a", "1"), Good[3]],
        ["pseudo field that nobody knows"] = [.. Good, (":protocol2", "x")],
        ["status in a request"] = [.. Good, (":status", "200")],
        ["connection"] = [.. Good, ("connection", "close")],
        ["transfer-encoding"] = [.. Good, ("transfer-encoding", "chunked")],
        ["keep-alive"] = [.. Good, ("keep-alive", "timeout=5")],
        ["proxy-connection"] = [.. Good, ("proxy-connection", "close")],
        ["upgrade"] = [.. Good, ("upgrade", "websocket")],
        ["te that is not trailers"] = [.. Good, ("te", "gzip")],
        ["value with a line break"] = [.. Good, ("x-a", "1\r\nx-b: 2")],
        ["authority with a path"] = [.. Good[..3], (":authority", "h/../x")],
        ["length without a body"] = [.. Good, ("content-length", "5")],
    };

    [Theory]
    [MemberData(nameof(Bad))]
    public async Task Request_that_is_none_is_never_served(string what)
    {
        using var time = Time();
        using var connection = await Http2Connection.OpenAsync(Server, time.Token);

        await connection.SendAsync(Http2Frames.Request(1, BadFields[what]), time.Token);
        var told = await connection.ReadUntilAsync(frame => frame.Type is Http2Frames.Headers or Http2Frames.Reset or Http2Frames.GoAway, time.Token);

        if (told is { Type: Http2Frames.Headers })
            Http2Connection.StatusOf(told).ShouldBeOneOf([400, 404, 0], what);
        await StillServesAsync();
    }

    [Fact]
    public async Task Good_request_is_served_and_its_authority_counts()
    {
        using var time = Time();
        using var connection = await Http2Connection.OpenAsync(Server, time.Token);

        await connection.SendAsync(Http2Frames.Request(1, [.. Good, ("host", "elsewhere")]), time.Token);
        var told = await connection.ReadUntilAsync(frame => frame.Type is Http2Frames.Headers or Http2Frames.Reset or Http2Frames.GoAway, time.Token);

        // It has one host: that of the header is another one, so it is refused, or the authority stands for it.
        told.ShouldNotBeNull();
        if (told.Type == Http2Frames.Headers)
            Http2Connection.StatusOf(told).ShouldBeOneOf(200, 400);
    }

    [Fact]
    public async Task Streams_that_are_reset_at_once_cost_little()
    {
        var growth = await FloodAsync(stream => [.. Http2Frames.Request(stream, Good), .. Http2Frames.Frame(Http2Frames.Reset, 0, stream, [0, 0, 0, 8])]);

        growth.ShouldBeLessThan(MostGrowth);
    }

    [Fact]
    public async Task Settings_without_end_cost_little()
    {
        var growth = await FloodAsync(_ => Http2Frames.Frame(Http2Frames.Settings, 0, 0, [0, 4, 0, 0, 255, 255]));

        growth.ShouldBeLessThan(MostGrowth);
    }

    [Fact]
    public async Task Pings_without_end_cost_little()
    {
        var growth = await FloodAsync(number => Http2Frames.Frame(Http2Frames.Ping, 0, 0, BitConverter.GetBytes((long)number)));

        growth.ShouldBeLessThan(MostGrowth);
    }

    [Fact]
    public async Task Empty_data_and_window_updates_without_end_cost_little()
    {
        var growth = await FloodAsync(_ => Http2Frames.Frame(Http2Frames.WindowUpdate, 0, 0, [0, 0, 0, 0]));

        growth.ShouldBeLessThan(MostGrowth);
    }

    [Fact]
    public async Task Fields_that_never_end_end_the_connection()
    {
        using var time = Time();
        using var connection = await Http2Connection.OpenAsync(Server, time.Token);
        var more = Http2Frames.Frame(Http2Frames.Continuation, 0, 1, Http2Frames.Encode(("x-more", new string('a', 8_000))));
        await connection.SendAsync(Http2Frames.Frame(Http2Frames.Headers, 0, 1, Http2Frames.Encode(Good)), time.Token);

        var heard = connection.ReadUntilAsync(frame => frame.Type is Http2Frames.GoAway, time.Token);
        var sent = 0;
        while (!heard.IsCompleted && await connection.SendAsync(more, time.Token))
            (++sent).ShouldBeLessThan(10_000);

        await heard;
        await StillServesAsync();
    }

    /// <summary>Sends a flood on one connection, reading nothing of what is answered, while another client must be served.</summary>
    private async Task<long> FloodAsync(Func<int, byte[]> frame)
    {
        using var time = Time();
        using var connection = await Http2Connection.OpenAsync(Server, time.Token);
        var before = Memory();
        var flood = Task.Run(async () =>
        {
            for (var number = 0; number < FloodFrames; number += PerWrite)
            {
                var bytes = Enumerable.Range(number, PerWrite).SelectMany(each => frame((2 * each) + 1)).ToArray();
                using var wait = CancellationTokenSource.CreateLinkedTokenSource(time.Token);
                // A server that takes nothing more of it has answered, too.
                wait.CancelAfter(OthersWait);
                try
                {
                    if (!await connection.SendAsync(bytes, wait.Token))
                        return;
                }
                catch (OperationCanceledException) when (!time.IsCancellationRequested)
                {
                    return;
                }
            }
        }, time.Token);
        while (!flood.IsCompleted)
            await StillServesAsync();
        await flood;
        await StillServesAsync();
        return Memory() - before;
    }

    private async Task StillServesAsync()
    {
        using var client = new HttpClient { BaseAddress = fixture.Gateway.HttpAddress, Timeout = OthersWait };
        using var response = await client.GetAsync(Open, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private static CancellationTokenSource Time()
    {
        var time = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        time.CancelAfter(Patience);
        return time;
    }

    private static long Memory() => GC.GetTotalMemory(forceFullCollection: true);
}
