using System.Net.Sockets;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using Microsoft.Extensions.Options;
using MimeKit;
using Orchestration.Contracts.Metrics.V1;
using Orchestration.Metrics.Alerts.Data;

namespace Orchestration.Metrics.Alerts.Sending;

/// <summary>E-mail through the configured server.</summary>
internal sealed class EmailSender(IOptions<SmtpOptions> options) : IChannelSender
{
    private const int MostBytes = 60_000;

    public AlertChannelKind Kind => AlertChannelKind.Email;

    public IReadOnlyList<SendLimit> Limits { get; } = [new(30, TimeSpan.FromMinutes(1))];

    public async Task<ChannelAnswer> SendAsync(StoredChannel channel, ChannelAddress? address, AlertMessage message, CancellationToken cancellationToken)
    {
        var smtp = options.Value;
        if (smtp.Host.Length == 0)
            return new ChannelAnswer(false, 0, "No mail server is configured (Smtp:Host).");

        using var mail = MailOf(channel, message, smtp.From);
        try
        {
            using var client = new SmtpClient();
            await client.ConnectAsync(smtp.Host, smtp.Port, smtp.Security, cancellationToken);
            if (smtp.User.Length > 0)
                await client.AuthenticateAsync(smtp.User, await PasswordAsync(smtp, cancellationToken), cancellationToken);
            var answer = await client.SendAsync(mail, cancellationToken);
            await client.DisconnectAsync(quit: true, cancellationToken);
            return new ChannelAnswer(true, (int)SmtpStatusCode.Ok, answer);
        }
        catch (SmtpCommandException exception)
        {
            return new ChannelAnswer(false, (int)exception.StatusCode, exception.Message);
        }
        catch (AuthenticationException)
        {
            return new ChannelAnswer(false, (int)SmtpStatusCode.AuthenticationInvalidCredentials, "The mail server refused user and password.");
        }
        catch (Exception exception) when (exception is ProtocolException or SslHandshakeException or SocketException or IOException or ServiceNotAuthenticatedException or NotSupportedException)
        {
            return new ChannelAnswer(false, 0, $"The mail server cannot be used ({exception.GetType().Name}).");
        }
    }

    private static MimeMessage MailOf(StoredChannel channel, AlertMessage message, string from)
    {
        var mail = new MimeMessage { Subject = $"[Orchestration] {message.Title}", Date = message.SentAt };
        mail.From.Add(MailboxAddress.Parse(from));
        mail.Bcc.AddRange(channel.Recipients.Select(MailboxAddress.Parse));
        mail.Headers.Add("Auto-Submitted", "auto-generated");
        mail.Body = new TextPart("plain") { Text = AlertTexts.Body(message, MostBytes) };
        return mail;
    }

    private static async Task<string> PasswordAsync(SmtpOptions smtp, CancellationToken cancellationToken) =>
        smtp.PasswordFile.Length > 0 ? (await File.ReadAllTextAsync(smtp.PasswordFile, cancellationToken)).TrimEnd('\r', '\n') : smtp.Password;
}
