using System.Net;
using System.Net.Sockets;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Faults;

public sealed class TransportFaults(FaultsFixture host) : IClassFixture<FaultsFixture>
{
    private const string Canary = "canary-header-5e";

    [Theory]
    [InlineData(301)]
    [InlineData(302)]
    [InlineData(303)]
    [InlineData(307)]
    [InlineData(308)]
    public async Task U46_redirect_is_not_followed_and_shows_nobody_the_key(int status)
    {
        using var elsewhere = new TcpListener(IPAddress.Loopback, 0);
        elsewhere.Start();
        var target = $"http://127.0.0.1:{((IPEndPoint)elsewhere.LocalEndpoint).Port}/v1";
        var fault = new FaultCase(host).Asks(e => e.ReplyAsync(status, "text/plain", "", $"Location: {target}"));

        await fault.FailsAsync(FailureClass.ProviderProtocol, "upstream_redirect", "released");

        elsewhere.Pending().ShouldBeFalse();
        fault.Requests().ShouldHaveSingleItem().Headers["Authorization"].ShouldContain(FaultsFixture.KeyCanary);
    }

    [Fact]
    public async Task U47_no_word_to_go_on_is_waited_for()
    {
        var fault = new FaultCase(host).ThenAsksAGoodOne();

        await fault.AnswersAsync("exact");

        fault.Requests()[0].Headers.ContainsKey("Expect").ShouldBeFalse();
    }

    [Fact]
    public async Task U47_few_interim_answers_are_passed_over() =>
        await new FaultCase(host).Asks(async e =>
        {
            for (var i = 0; i < 4; i++) await e.SendAsync("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
            await OpenAIWire.AnswerAsync(e);
        }).AnswersAsync("exact");

    [Fact]
    public async Task U47_flood_of_interim_answers_is_refused() =>
        await new FaultCase(host).Asks(async e =>
        {
            while (!e.Stopping.IsCancellationRequested) await e.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
        }).FailsAsync(FailureClass.ProviderProtocol, "upstream_protocol", "estimated");

    [Fact]
    public async Task U47_ninth_interim_answer_ends_the_connection()
    {
        var fault = new FaultCase(host).Asks(async e =>
        {
            for (var i = 0; i < 9; i++) await e.SendAsync("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
            await e.HoldAsync();
        });

        var run = await fault.FailsAsync(FailureClass.ProviderProtocol, "upstream_protocol", "estimated");

        run.First.Message.ShouldContain("interim");
    }

    [Fact]
    public async Task U47_interim_answers_are_counted_anew_for_every_request_of_a_connection()
    {
        var fault = new FaultCase(host).Asks(async e =>
        {
            e.StaysOpen = true;
            for (var i = 0; i < 8; i++) await e.SendAsync("HTTP/1.1 102 Processing\r\n\r\n");
            await e.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {OpenAIWire.Plain.Length}\r\n\r\n{OpenAIWire.Plain}");
        }).Whole();

        await fault.AnswersAsync("exact");
        var again = await fault.RunAsync();

        again.Answer.Error.ShouldBeNull();
        fault.Requests().Select(r => r.Connection).Distinct().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task U48_providers_are_spoken_to_in_http_1_1()
    {
        await using var tls = new TlsUpstream();
        var authorities = Path.GetTempFileName();
        await File.WriteAllTextAsync(authorities, tls.AuthorityPem, TestContext.Current.CancellationToken);
        await using var trusting = new ProvidersFixture();
        trusting.Settings["Egress:CertificateAuthorities:localhost"] = authorities;
        await trusting.InitializeAsync();
        var fault = new FaultCase(host).ThenAsksAGoodOne();

        await fault.AnswersAsync("exact");
        (await Answer.OfAsync(trusting, Plans.Plan(Plans.Candidate("u48-tls", tls.Url)))).Error.ShouldBeNull();

        fault.Requests()[0].Version.ShouldBe("HTTP/1.1");
        // The server offered h2 first, and the client did not take it.
        tls.Negotiated.ShouldNotBe("h2");
        File.Delete(authorities);
    }

    [Theory]
    [InlineData(new byte[] { 0, 0, 0, 4, 0, 0, 0, 0, 0, 0, 0, 8, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0 })]
    [InlineData(new byte[] { 0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 7 })]
    public async Task U48_frames_of_http_2_are_no_answer(byte[] frames) =>
        await new FaultCase(host).Asks(e => e.SendAsync(frames)).ThenAsksAGoodOne().AnswersAsync("estimated", "estimated", "exact");

    [Fact]
    public async Task U49_connection_that_closes_as_it_is_used_again_is_replaced_once()
    {
        var calls = 0;
        var fault = new FaultCase(host).Asks(async e =>
        {
            // The second request comes on the first connection, is read, and gets no byte of an answer.
            if (Interlocked.Increment(ref calls) == 2) return;
            e.StaysOpen = calls == 1;
            await e.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {OpenAIWire.Plain.Length}\r\n\r\n{OpenAIWire.Plain}");
        }).Whole();
        await fault.AnswersAsync("exact");

        var run = await fault.RunAsync();

        run.Answer.Error.ShouldBeNull();
        fault.Requests().Select(r => r.Connection - fault.Requests()[0].Connection).ShouldBe([0, 0, 1]);
        host.Health.Look(fault.Deployment()).FailureShare.ShouldBe(0);
    }

    [Fact]
    public async Task U50_headers_of_a_mebibyte_are_refused() =>
        await RefusedAsync($"X-Filler: {Canary}{new string('x', 1024 * 1024)}\r\n");

    [Fact]
    public async Task U50_ten_thousand_headers_are_refused() =>
        await RefusedAsync(string.Concat(Enumerable.Range(0, 10_000).Select(i => $"X-{i}: {Canary}\r\n")));

    [Theory]
    [InlineData("X-Bad: a\0b\r\n")]
    [InlineData("X Bad: a\r\n")]
    [InlineData(": a\r\n")]
    [InlineData("X-Split: a\rSet-Cookie: " + Canary + "\r\n")]
    [InlineData("X-Split: a\nSet-Cookie: " + Canary + "=1\r\n")]
    [InlineData("Set-Cookie: " + Canary + "=1; Path=/\r\n")]
    [InlineData("Connection: X-Hop\r\nX-Hop: " + Canary + "\r\nKeep-Alive: timeout=5\r\nProxy-Authenticate: Basic realm=" + Canary + "\r\n")]
    public async Task U50_odd_headers_reach_nobody(string headers)
    {
        var fault = new FaultCase(host).Asks(e => e.SendAsync(
            $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {OpenAIWire.Plain.Length}\r\nConnection: close\r\n{headers}\r\n{OpenAIWire.Plain}")).Whole();

        for (var i = 0; i < 2; i++)
        {
            var run = await fault.With(r => r.MaxAttempts = 1).RunAsync();

            run.Answer.Error?.FailureClass.ShouldBe(FailureClass.ProviderProtocol);
            run.Answer.Events.ShouldAllBe(e => !e.ToString().Contains(Canary, StringComparison.Ordinal));
            run.Log.ShouldAllBe(l => !l.Contains(Canary, StringComparison.Ordinal));
        }

        fault.Requests().ShouldAllBe(r => !r.Headers.ContainsKey("Cookie"));
    }

    private async Task RefusedAsync(string headers)
    {
        var run = await new FaultCase(host, "U50").Asks(e => e.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\n{headers}\r\n{OpenAIWire.Plain}")).Whole()
            .FailsAsync(FailureClass.ProviderProtocol, "upstream_protocol", "estimated");

        run.Answer.Events.ShouldAllBe(e => !e.ToString().Contains(Canary, StringComparison.Ordinal));
    }
}
