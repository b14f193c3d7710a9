using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Orchestration.Metrics.Tests.Alerts;

/// <summary>A mail server that speaks just enough SMTP (RFC 5321) to take mails and to refuse.</summary>
internal sealed class MailServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _ends = new();
    private readonly Task _serving;

    public MailServer()
    {
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public ConcurrentQueue<Mail> Mails { get; } = [];

    /// <summary>What recipients are answered.</summary>
    public string RecipientAnswer { get; set; } = "250 2.1.5 ok";

    /// <summary>"user:password" that it asks for; null when it asks nobody.</summary>
    public string? Login { get; set; }

    /// <summary>Goes away; may be asked twice.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_serving.IsCompleted)
            return;
        await _ends.CancelAsync();
        _listener.Stop();
        await _serving.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _ends.Dispose();
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            using var client = await _listener.AcceptTcpClientAsync(_ends.Token);
            await using var stream = client.GetStream();
            using var reader = new StreamReader(stream, Encoding.UTF8);
            await using var writer = new StreamWriter(stream, new UTF8Encoding(false)) { AutoFlush = true, NewLine = "\r\n" };
            await writer.WriteLineAsync("220 mail.test ESMTP");
            await TalkAsync(reader, writer);
        }
    }

    private async Task TalkAsync(StreamReader reader, StreamWriter writer)
    {
        var (from, recipients) = ("", new List<string>());
        while (await reader.ReadLineAsync(_ends.Token) is { } line)
        {
            var answer = "250 2.0.0 ok";
            switch (line.Split(' ', ':')[0].ToUpperInvariant())
            {
                case "EHLO":
                    answer = Login is null ? "250 mail.test" : "250-mail.test\r\n250 AUTH PLAIN";
                    break;
                case "AUTH":
                    answer = IsLogin(line) ? "235 2.7.0 welcome" : "535 5.7.8 wrong";
                    break;
                case "MAIL":
                    (from, recipients) = (AddressIn(line), []);
                    break;
                case "RCPT":
                    recipients.Add(AddressIn(line));
                    answer = RecipientAnswer;
                    break;
                case "DATA":
                    await writer.WriteLineAsync("354 go on");
                    Mails.Enqueue(new Mail(from, recipients, await ReadDataAsync(reader)));
                    answer = "250 2.0.0 queued as 7";
                    break;
                case "QUIT":
                    await writer.WriteLineAsync("221 2.0.0 bye");
                    return;
            }

            await writer.WriteLineAsync(answer);
        }
    }

    private bool IsLogin(string line) =>
        Encoding.UTF8.GetString(Convert.FromBase64String(line.Split(' ')[^1])).Split('\0') is [_, var user, var password] && $"{user}:{password}" == Login;

    private async Task<string> ReadDataAsync(StreamReader reader)
    {
        var text = new StringBuilder();
        while (await reader.ReadLineAsync(_ends.Token) is { } line and not ".")
            text.AppendLine(line.StartsWith('.') ? line[1..] : line);
        return text.ToString();
    }

    private static string AddressIn(string line) => line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
}

/// <summary>One mail: its envelope, and its headers and body as they came.</summary>
internal sealed record Mail(string From, IReadOnlyList<string> Recipients, string Data);
