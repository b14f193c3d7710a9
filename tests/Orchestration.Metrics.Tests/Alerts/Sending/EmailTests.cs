using MimeKit;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Testing;

namespace Orchestration.Metrics.Tests.Alerts.Sending;

public sealed class EmailTests(BackingServices services) : IAsyncLifetime
{
    private static readonly TimeSpan GroupWindow = TimeSpan.FromSeconds(30);
    private readonly MailServer _server = new();
    private AlertsHost _host = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _host = await AlertsHost.StartAsync(services, new Dictionary<string, string?>
        {
            ["Smtp:Host"] = "127.0.0.1",
            ["Smtp:Port"] = $"{_server.Port}",
            ["Smtp:Security"] = "None",
            ["Smtp:User"] = "alerts",
            ["Smtp:Password"] = "mail-password",
            ["Smtp:From"] = "Orchestration <alerts@example.com>",
        });
        _server.Login = "alerts:mail-password";
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("en")]
    [InlineData("zh")]
    public async Task Alerts_go_out_as_one_mail_whose_recipients_do_not_see_each_other(string language)
    {
        await AddChannelAsync(language);
        await _host.RaiseAsync("credential:first");
        await _host.RaiseAsync("credential:second");

        (await _host.PassAsync(GroupWindow)).ShouldBe(1);

        var mail = _server.Mails.ShouldHaveSingleItem();
        mail.From.ShouldBe("alerts@example.com");
        mail.Recipients.ShouldBe(["one@example.com", "two@example.com"]);
        using var data = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(mail.Data));
        using var message = await MimeMessage.LoadAsync(data, Cancellation);
        message.Subject.ShouldStartWith("[Orchestration] ");
        message.TextBody.ShouldNotBeNull().ShouldContain("credential:first");
        message.TextBody.ShouldContain("credential:second");
        message.TextBody.Any(letter => letter is >= '\u4e00' and <= '\u9fff').ShouldBe(language == "zh");
        mail.Data.ShouldNotContain("one@example.com");
        mail.Data.ShouldNotContain("two@example.com");
    }

    [Fact]
    public async Task Refused_recipient_is_shown_and_the_mail_tried_again()
    {
        var channel = await AddChannelAsync("en");
        _server.RecipientAnswer = "550 5.1.1 no such user";
        await _host.RaiseAsync("credential:first");
        (await _host.PassAsync(GroupWindow)).ShouldBe(0);

        var shown = await ShownAsync(channel.Id);
        (shown.Failures, shown.Waiting).ShouldBe((1, 1));
        shown.LastError.ShouldContain("no such user");

        _server.RecipientAnswer = "250 2.1.5 ok";
        (await _host.PassAsync(TimeSpan.FromSeconds(10))).ShouldBe(1);
        _server.Mails.ShouldHaveSingleItem();
        (await ShownAsync(channel.Id)).Failures.ShouldBe(0);
    }

    [Fact]
    public async Task Wrong_password_and_a_server_that_is_away_are_told_without_the_password()
    {
        var channel = await AddChannelAsync("en");
        _server.Login = "alerts:another";

        var wrong = await TestAsync(channel);
        await _server.DisposeAsync();
        var away = await TestAsync(channel);

        (wrong.Accepted, wrong.Answer).ShouldBe((false, "The mail server refused user and password."));
        (away.Accepted, away.Answer).ShouldBe((false, "The mail server cannot be used (SocketException)."));
    }

    [Fact]
    public async Task Test_mail_tells_what_the_server_answered()
    {
        var answer = await TestAsync(await AddChannelAsync("en"));

        answer.Accepted.ShouldBeTrue();
        answer.Answer.ShouldContain("queued as 7");
    }

    private Task<AlertChannel> AddChannelAsync(string language) => _host.AddChannelAsync(AlertChannelKind.Email, request =>
    {
        (request.Url, request.Secret, request.Language) = ("", "", language);
        request.Recipients.AddRange(["one@example.com", "two@example.com"]);
    });

    private async Task<TestAlertChannelResponse> TestAsync(AlertChannel channel) =>
        await _host.Client.TestAlertChannelAsync(new TestAlertChannelRequest { Id = channel.Id }, _host.As());

    private async Task<AlertChannel> ShownAsync(string id) =>
        (await _host.Client.ListAlertChannelsAsync(new ListAlertChannelsRequest(), _host.As())).Channels.Single(channel => channel.Id == id);
}
