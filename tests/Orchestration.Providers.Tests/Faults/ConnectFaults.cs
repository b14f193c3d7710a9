using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Orchestration.Contracts.Errors.V1;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Providers.Tests.Host;
using Orchestration.Providers.Tests.Upstream;

namespace Orchestration.Providers.Tests.Faults;

public sealed class ConnectFaults(ConnectFaultsFixture host) : IClassFixture<ConnectFaultsFixture>
{
    [Fact]
    public async Task U01_refused_connection_is_told_when_nobody_else_is_left()
    {
        using var closed = SilentSockets.Closed();

        await new FaultCase(host).AsksAt(closed.Url).FailsAsync(FailureClass.ProviderUnreachable, "upstream_unreachable", "released");
    }

    [Fact]
    public async Task U01_refused_connection_fails_over_within_fifty_milliseconds()
    {
        using var closed = SilentSockets.Closed();
        var fastest = TimeSpan.MaxValue;
        // The fastest of a few says what the service needs; the others what the machine was busy with. Fewer than the breaker counts.
        for (var i = 0; i < 4; i++)
        {
            var run = await new FaultCase(host).AsksAt(closed.Url).ThenAsksAGoodOne().AnswersAsync("released", "exact");
            var took = run.Answer.Summary.Attempts[0].Duration.ToTimeSpan();
            if (took < fastest) fastest = took;
        }

        fastest.ShouldBeLessThan(TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public async Task U02_black_hole_is_ended_by_the_connect_timer()
    {
        using var hole = SilentSockets.BlackHole();

        var run = await new FaultCase(host).AsksAt(hole.Url).ThenAsksAGoodOne().With(r => r.ConnectTimeout = Plans.Milliseconds(4000)).AnswersAsync("released", "exact");

        (run.First.FailureClass, run.First.Code).ShouldBe((FailureClass.ProviderTimeout, "connect_timeout"));
    }

    [Fact]
    public async Task U02_black_hole_holds_no_thread()
    {
        using var hole = SilentSockets.BlackHole();
        var stuck = new FaultCase(host).AsksAt(hole.Url).With(r => r.ConnectTimeout = Plans.Milliseconds(4000));
        var waiting = Enumerable.Range(0, 100).Select(_ => Answer.OfAsync(host.Service, stuck.Fresh())).ToList();

        var good = await Answer.OfAsync(host.Service, new FaultCase(host).ThenAsksAGoodOne().Fresh());

        good.Error.ShouldBeNull();
        waiting.ShouldAllBe(w => !w.IsCompleted);
        foreach (var answer in await Task.WhenAll(waiting)) answer.Error!.Code.ShouldBe("connect_timeout");
        await host.ReturnsToBaselineAsync();
    }

    [Theory]
    [InlineData("gone.test", SocketError.HostNotFound)]
    [InlineData("servfail.test", SocketError.TryAgain)]
    public async Task U03_name_that_does_not_resolve_is_unreachable_and_not_asked_for_again_at_once(string name, SocketError error)
    {
        var url = host.Name(name, _ => Task.FromException<IPAddress[]>(new SocketException((int)error)));
        var fault = new FaultCase(host).AsksAt(url, simulated: false).ThenAsksAGoodOne();

        for (var i = 0; i < 3; i++)
            (await fault.AnswersAsync("released", "exact")).First.Code.ShouldBe("upstream_unreachable");

        host.Asked(name).ShouldBe(1);
    }

    [Fact]
    public async Task U03_name_that_cannot_exist_fails_over_with_the_systems_own_resolver()
    {
        var run = await new FaultCase(host).AsksAt($"http://nothing.invalid:{host.Upstream.Port}/v1", simulated: false).ThenAsksAGoodOne()
            .With(r => r.ConnectTimeout = Plans.Milliseconds(5000)).AnswersAsync("released", "exact");

        // A resolver that can reach nobody may also just be silent.
        run.First.Code.ShouldBeOneOf("upstream_unreachable", "connect_timeout");
    }

    [Fact]
    public async Task U03_slow_resolver_is_ended_by_the_connect_timer()
    {
        var url = host.Name("slow.test", async cancellation =>
        {
            await Task.Delay(Timeout.Infinite, cancellation);
            return [];
        });

        await new FaultCase(host).AsksAt(url, simulated: false).With(Impatient).FailsAsync(FailureClass.ProviderTimeout, "connect_timeout", "released");
    }

    [Fact]
    public async Task U04_changed_address_is_used_within_the_life_of_a_connection()
    {
        var address = IPAddress.Loopback;
        var url = host.Name("moving.test", _ => Task.FromResult(new[] { address }));
        host.Upstream.Script("moving.test", KeepAliveAsync);
        host.Moved!.Script("moving.test", KeepAliveAsync);
        var fault = new FaultCase(host) { Bound = TimeSpan.FromSeconds(3) }.AsksAt(url, simulated: false).Whole();
        await fault.AnswersAsync("exact");
        await fault.AnswersAsync("exact");
        host.Upstream.Requests("moving.test").Select(r => r.Connection).Distinct().Count().ShouldBe(1);

        address = IPAddress.Parse("127.0.0.2");
        var changed = TimeProvider.System.GetTimestamp();
        while (host.Moved.Requests("moving.test").Count == 0)
        {
            await fault.AnswersAsync("exact");
            TimeProvider.System.GetElapsedTime(changed).ShouldBeLessThan(TimeSpan.FromSeconds(10));
        }
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("wrong name")]
    [InlineData("untrusted")]
    public async Task U05_server_that_is_not_who_it_says_is_sent_nothing(string how)
    {
        await using var untrusted = new TlsUpstream();
        var upstream = how switch { "expired" => host.Expired, "wrong name" => host.WrongName, _ => untrusted };

        await new FaultCase(host).AsksAt(upstream.Url).FailsAsync(FailureClass.ProviderUnreachable, "upstream_tls", "released");

        upstream.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task U05_same_server_with_a_good_certificate_is_answered()
    {
        await new FaultCase(host).AsksAt(host.Trusted.Url).AnswersAsync("exact");

        host.Trusted.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task U05_self_signed_certificate_is_sent_nothing()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        request.CertificateExtensions.Add(names.Build());
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var upstream = new TlsUpstream(X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null));

        await new FaultCase(host).AsksAt(upstream.Url).FailsAsync(FailureClass.ProviderUnreachable, "upstream_tls", "released");

        upstream.Requests.ShouldBe(0);
    }

    [Fact]
    public async Task U05_server_that_speaks_tls_1_0_only_is_sent_nothing()
    {
        // The head of a ServerHello of version 3.1, written by hand: no library of today would write it.
        byte[] hello = [0x16, 3, 1, 0, 42, 2, 0, 0, 38, 3, 1, .. new byte[32], 0, 0, 0x2F, 0];
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var fault = new FaultCase(host).AsksAt($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}/v1");
        var failed = fault.FailsAsync(FailureClass.ProviderUnreachable, "upstream_tls", "released");
        using var client = await listener.AcceptSocketAsync(TestContext.Current.CancellationToken);
        await client.ReceiveAsync(new byte[16 * 1024], TestContext.Current.CancellationToken);
        await client.SendAsync(hello, TestContext.Current.CancellationToken);

        await failed;

        // What follows is an alert or nothing, never application data.
        var rest = new byte[16 * 1024];
        var length = await client.ReceiveAsync(rest, TestContext.Current.CancellationToken);
        rest.AsSpan(0, length).IndexOf((byte)0x17).ShouldBe(-1);
    }

    [Fact]
    public async Task U06_handshake_that_stalls_is_ended_by_the_connect_timer()
    {
        var silent = host.Upstream.Script("unused", e => e.HoldAsync()).Replace("http://", "https://", StringComparison.Ordinal);

        await new FaultCase(host).AsksAt(silent).With(Impatient).FailsAsync(FailureClass.ProviderTimeout, "connect_timeout", "released");
    }

    private static void Impatient(ExecutionRules rules) => rules.ConnectTimeout = Plans.Milliseconds(200);

    private static async Task KeepAliveAsync(UpstreamExchange exchange)
    {
        exchange.StaysOpen = true;
        await exchange.SendAsync($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {OpenAIWire.Plain.Length}\r\n\r\n{OpenAIWire.Plain}");
    }
}
