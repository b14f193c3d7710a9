using System.Security.Cryptography;
using System.Text;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Alerts.Sending;

/// <summary>Each far side as it checks, refuses and limits.</summary>
public sealed class RobotTests(BackingServices services) : IAsyncLifetime
{
    private AlertsHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await AlertsHost.StartAsync(services);

    public async ValueTask DisposeAsync() => await _host.DisposeAsync();

    [Fact]
    public async Task Webhook_is_signed_over_timestamp_and_body()
    {
        var channel = await _host.AddChannelAsync(AlertChannelKind.Webhook);
        await _host.RaiseAsync("credential:1");

        (await _host.PassAsync(TimeSpan.FromSeconds(30))).ShouldBe(1);

        var received = _host.Far.Last;
        var timestamp = received.Headers["x-orchestration-timestamp"];
        timestamp.ShouldBe($"{_host.Time.GetUtcNow().ToUnixTimeSeconds()}");
        received.Headers["x-orchestration-signature"].ShouldBe("v1=" + Convert.ToHexString(Hmac(AlertsHost.Secret, $"{timestamp}.{received.Body}")).ToLowerInvariant());
        received.Headers["content-type"].ShouldBe("application/json; charset=utf-8");
        var alert = received.Json["alerts"]!.AsArray().ShouldHaveSingleItem()!;
        alert["event"]!.GetValue<string>().ShouldBe("opened");
        alert["subject"]!.GetValue<string>().ShouldBe("credential:1");
        alert["severity"]!.GetValue<string>().ShouldBe("critical");
        alert["facts"]!["provider"]!.GetValue<string>().ShouldBe("acme");
        channel.Host.ShouldBe("127.0.0.1");
    }

    [Fact]
    public async Task Feishu_is_signed_with_timestamp_and_secret_as_the_key_over_nothing()
    {
        await _host.AddChannelAsync(AlertChannelKind.Feishu, request => request.Language = "zh");
        _host.Far.Answer = received =>
            received.Json["sign"]?.GetValue<string>() == Convert.ToBase64String(Hmac($"{received.Json["timestamp"]}\n{AlertsHost.Secret}", ""))
            && received.Json["timestamp"]!.GetValue<string>() == $"{_host.Time.GetUtcNow().ToUnixTimeSeconds()}"
                ? (200, """{"code":0,"msg":"success","data":{}}""")
                : (200, """{"code":19021,"msg":"sign match fail or timestamp is not within one hour from current time"}""");
        await _host.RaiseAsync("credential:1");

        (await _host.PassAsync(TimeSpan.FromSeconds(30))).ShouldBe(1);

        var post = _host.Far.Last.Json["content"]!["post"]!["zh_cn"]!;
        post["title"]!.GetValue<string>().ShouldBe("供应商密钥已停用");
        post["content"]![0]![0]!["text"]!.GetValue<string>().ShouldContain("credential:1");
    }

    [Fact]
    public async Task DingTalk_is_signed_in_its_query()
    {
        await _host.AddChannelAsync(AlertChannelKind.Dingtalk);
        _host.Far.Answer = received =>
            received.Query("sign") == Convert.ToBase64String(Hmac(AlertsHost.Secret, $"{received.Query("timestamp")}\n{AlertsHost.Secret}"))
            && received.Query("timestamp") == $"{_host.Time.GetUtcNow().ToUnixTimeMilliseconds()}"
            && received.Query("key") == "token-of-the-robot"
                ? (200, """{"errcode":0,"errmsg":"ok"}""")
                : (200, """{"errcode":310000,"errmsg":"sign not match"}""");
        await _host.RaiseAsync("credential:1");

        (await _host.PassAsync(TimeSpan.FromSeconds(30))).ShouldBe(1);

        _host.Far.Last.Json["msgtype"]!.GetValue<string>().ShouldBe("text");
        _host.Far.Last.Json["text"]!["content"]!.GetValue<string>().ShouldContain("credential:1");
    }

    [Fact]
    public async Task WeCom_carries_its_key_in_the_address_and_no_signature()
    {
        await _host.AddChannelAsync(AlertChannelKind.Wecom);
        _host.Far.Answer = received => received.Query("key") == "token-of-the-robot" && received.Query("sign") is null
            ? (200, """{"errcode":0,"errmsg":"ok"}""")
            : (200, """{"errcode":93000,"errmsg":"invalid webhook url"}""");
        for (var i = 0; i < 60; i++)
            await _host.RaiseAsync($"credential:{i} 密钥");

        (await _host.PassAsync(TimeSpan.FromSeconds(30))).ShouldBe(1);

        var content = _host.Far.Last.Json["text"]!["content"]!.GetValue<string>();
        Encoding.UTF8.GetByteCount(content).ShouldBeLessThanOrEqualTo(2048);
        content.ShouldContain("more");
    }

    [Theory]
    [InlineData(AlertChannelKind.Feishu, """{"code":19024,"msg":"Key Words Not Found"}""", "code 19024: Key Words Not Found")]
    [InlineData(AlertChannelKind.Dingtalk, """{"errcode":310000,"errmsg":"sign not match"}""", "errcode 310000: sign not match")]
    [InlineData(AlertChannelKind.Wecom, """{"errcode":93000,"errmsg":"invalid webhook url"}""", "errcode 93000: invalid webhook url")]
    [InlineData(AlertChannelKind.Wecom, "<html>login</html>", "The answer is not a robot's: <html>login</html>")]
    public async Task Error_inside_a_200_is_a_failure(AlertChannelKind kind, string body, string error)
    {
        var channel = await _host.AddChannelAsync(kind);
        _host.Far.Answer = _ => (200, body);
        await _host.RaiseAsync("credential:1");

        (await _host.PassAsync(TimeSpan.FromSeconds(30))).ShouldBe(0);

        var shown = (await _host.Client.ListAlertChannelsAsync(new ListAlertChannelsRequest(), _host.As())).Channels.Single(c => c.Id == channel.Id);
        shown.LastError.ShouldBe(error);
        shown.Failures.ShouldBe(1);
        shown.Waiting.ShouldBe(1);
        shown.LastSentAt.ShouldBeNull();
    }

    [Theory]
    [InlineData(AlertChannelKind.Feishu, 5, 1)]
    [InlineData(AlertChannelKind.Dingtalk, 20, 60)]
    [InlineData(AlertChannelKind.Wecom, 20, 60)]
    public async Task Robot_is_never_called_more_often_than_it_allows(AlertChannelKind kind, int most, int seconds)
    {
        await _host.AddChannelAsync(kind);
        _host.Far.Answer = _ => (200, kind == AlertChannelKind.Feishu ? """{"code":0,"msg":"success"}""" : """{"errcode":0,"errmsg":"ok"}""");
        await _host.Client.UpdateAlertRuleAsync(new UpdateAlertRuleRequest { Kind = "key_disabled", GroupWindow = new() }, _host.As());
        for (var i = 0; i < most + 5; i++)
        {
            await _host.RaiseAsync($"credential:{i}");
            await _host.PassAsync(TimeSpan.Zero);
        }

        _host.Far.Requests.Count.ShouldBe(most);

        // What had to wait goes out together.
        (await _host.PassAsync(TimeSpan.FromSeconds(seconds))).ShouldBe(1);
        Enumerable.Range(most, 5).ShouldAllBe(i => _host.Far.Last.Body.Contains($"credential:{i}"));
    }

    [Theory]
    [InlineData(AlertChannelKind.Dingtalk, """{"errcode":130101,"errmsg":"send too fast"}""")]
    [InlineData(AlertChannelKind.Wecom, """{"errcode":45009,"errmsg":"api freq out of limit"}""")]
    [InlineData(AlertChannelKind.Feishu, """{"code":11232,"msg":"frequency limited"}""")]
    public async Task Robot_that_was_called_too_often_is_left_alone_for_a_minute(AlertChannelKind kind, string body)
    {
        await _host.AddChannelAsync(kind);
        _host.Far.Answer = _ => (200, body);
        await _host.RaiseAsync("credential:1");
        await _host.PassAsync(TimeSpan.FromSeconds(30));

        await _host.PassAsync(TimeSpan.FromSeconds(59));
        _host.Far.Requests.Count.ShouldBe(1);
        await _host.PassAsync(TimeSpan.FromSeconds(1));
        _host.Far.Requests.Count.ShouldBe(2);
    }

    private static byte[] Hmac(string key, string text)
    {
        using var hmac = new HMACSHA256(Encoding.UTF8.GetBytes(key));
        return hmac.ComputeHash(Encoding.UTF8.GetBytes(text));
    }
}
