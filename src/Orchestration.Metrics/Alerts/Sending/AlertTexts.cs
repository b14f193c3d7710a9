using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Orchestration.Metrics.Alerts.Data;

namespace Orchestration.Metrics.Alerts.Sending;

/// <summary>What is said of alerts, in English and Chinese.</summary>
internal static partial class AlertTexts
{
    public const string English = "en";
    public const string Chinese = "zh";
    private const int MostShown = 20;

    private static readonly Dictionary<string, (string English, string Chinese)> Titles = new()
    {
        [AlertMessage.Test] = ("Test message", "测试消息"),
        [AlertKinds.BudgetThreshold] = ("Budget threshold crossed", "预算阈值已达"),
        [AlertKinds.BalanceLow] = ("Provider balance is low", "供应商余额不足"),
        [AlertKinds.KeyDisabled] = ("Provider key out of use", "供应商密钥已停用"),
        [AlertKinds.KeyExpiring] = ("Key expires soon", "密钥即将到期"),
        [AlertKinds.ModelRetiring] = ("Model is being retired", "模型即将下线"),
        [AlertKinds.ErrorRate] = ("Error rate is high", "错误率过高"),
        [AlertKinds.BreakerOpen] = ("Circuit breaker is open", "熔断器已打开"),
        [AlertKinds.PriceUnknown] = ("Price is unknown", "价格未知"),
        [AlertKinds.Backlog] = ("Ledger falls behind", "账本处理积压"),
        [AlertKinds.IngestionFailing] = ("Ingestion fails", "文档导入失败"),
        [AlertKinds.Quarantine] = ("Events wait in quarantine", "有事件被隔离待处理"),
        [AlertKinds.UnreadableMessages] = ("Messages cannot be read", "有消息无法读取"),
        [AlertKinds.Reconciliation] = ("Reconciliation found something", "对账发现问题"),
    };

    private static readonly Dictionary<string, (string English, string Chinese)> Summaries = new()
    {
        [AlertKinds.BudgetThreshold] = (
            "Budget {budget} of {tenant} ({scope}) passed {percent} %: {spent} of {limit} {currency} spent, until {period_end}.",
            "{tenant} 的预算 {budget}({scope})已用超过 {percent}%:{limit} {currency} 中已花费 {spent},周期至 {period_end}。"),
        [AlertKinds.BalanceLow] = (
            "The account of {provider} {region} behind key {credential} has {balance} {currency} left.",
            "{provider} {region} 密钥 {credential} 的账户余额仅剩 {balance} {currency}。"),
        [AlertKinds.KeyDisabled] = (
            "Key {credential} of {provider} {region} is {state}. {reason}", "{provider} {region} 的密钥 {credential} 状态为 {state}。{reason}"),
        [AlertKinds.KeyExpiring] = ("Key {key} expires at {expires_at}.", "密钥 {key} 将于 {expires_at} 到期。"),
        [AlertKinds.ModelRetiring] = (
            "{provider}/{model} is {status} and still asked for. Successor: {successor}.", "{provider}/{model} 状态为 {status},但仍在被调用。替代模型:{successor}。"),
        [AlertKinds.ErrorRate] = (
            "{subject}: {percent} % of {count} failed within {minutes} minutes.", "{subject}:{minutes} 分钟内 {count} 次中有 {percent}% 失败。"),
        [AlertKinds.BreakerOpen] = ("{deployment} fails too often and is left alone: {reason}.", "{deployment} 失败过于频繁,已暂停使用:{reason}。"),
        [AlertKinds.PriceUnknown] = (
            "{provider}/{model} cannot be used, because its price is unknown.", "{provider}/{model} 的价格未知,无法使用。"),
        [AlertKinds.Backlog] = (
            "{batches} batches wait for the ledger; what it recorded last was {lag_seconds} s old.", "{batches} 个批次等待入账;最近入账的事件已延迟 {lag_seconds} 秒。"),
        [AlertKinds.Quarantine] = (
            "{events} events of the ledger wait in quarantine; what they cost is in no sum yet.", "账本有 {events} 个事件被隔离,其费用尚未计入任何汇总。"),
        [AlertKinds.UnreadableMessages] = (
            "{messages} messages for the ledger could not be read and were put aside.", "有 {messages} 条账本消息无法读取,已被搁置。"),
        [AlertKinds.Reconciliation] = (
            "Reconciliation of the ledger ({subject}): {gaps} gaps up to {last_day}, no newer run than {since}.", "账本对账({subject}):截至 {last_day} 有 {gaps} 处差异,最近一次完成于 {since}。"),
        [AlertKinds.IngestionFailing] = ("Ingestion into {collection} fails: {reason}.", "文档导入 {collection} 失败:{reason}。"),
    };

    /// <summary>One line that says what an alert is about.</summary>
    public static string Summary(StoredAlert alert, string language)
    {
        if (!Summaries.TryGetValue(alert.Kind, out var texts))
            return alert.Subject;

        var filled = Placeholder().Replace(language == Chinese ? texts.Chinese : texts.English, match => match.Groups[1].Value switch
        {
            "subject" => Printable(alert.Subject),
            var name => alert.Facts.TryGetValue(name, out var value) && value.Length > 0 ? Printable(value) : "–",
        });
        return filled.TrimEnd('–', ' ');
    }

    public static string Title(AlertMessage message)
    {
        var (english, chinese) = Titles.GetValueOrDefault(message.Kind, (message.Kind, message.Kind));
        var title = message.Language == Chinese ? chinese : english;
        return message.Lines.Count > 1 ? FormattableString.Invariant($"{title} ({message.Lines.Count})") : title;
    }

    /// <summary>The whole message as lines of plain text, within a number of UTF-8 bytes.</summary>
    public static string Body(AlertMessage message, int mostBytes)
    {
        if (message.Kind == AlertMessage.Test)
            return message.Language == Chinese ? "此通道可以接收告警。" : "This channel can receive alerts.";

        var text = new StringBuilder();
        var shown = 0;
        foreach (var line in message.Lines.Take(MostShown).Select(line => Line(line, message.Language)))
        {
            if (Encoding.UTF8.GetByteCount(text.ToString()) + Encoding.UTF8.GetByteCount(line) + 64 > mostBytes)
                break;

            text.Append(line).Append('\n');
            shown++;
        }

        var more = message.Lines.Count - shown;
        if (more > 0)
            text.Append(message.Language == Chinese ? string.Create(CultureInfo.InvariantCulture, $"另有 {more} 条") : string.Create(CultureInfo.InvariantCulture, $"and {more} more"));
        return text.ToString().TrimEnd('\n');
    }

    private static string Line(AlertLine line, string language)
    {
        var summary = Summary(line.Alert, language);
        var tag = (line.Event, language) switch
        {
            (AlertNotice.Resolved, Chinese) => "已恢复",
            (AlertNotice.Resolved, _) => "Resolved",
            (AlertNotice.Reminder, Chinese) => "仍未恢复",
            (AlertNotice.Reminder, _) => "Still open",
            (_, Chinese) => "告警",
            _ => "Alert",
        };
        return string.Create(CultureInfo.InvariantCulture, $"[{tag}] {line.Alert.OpenedAt:yyyy-MM-dd HH:mm:ss}Z {summary}");
    }

    // Names come from operators and vendors: one of them must not make a line of its own.
    private static string Printable(string text)
    {
        var clean = new string([.. text.Select(c => char.IsControl(c) ? ' ' : c)]);
        return clean.Length <= 200 ? clean : clean[..200] + "…";
    }

    [GeneratedRegex("{([a-z_]+)}", RegexOptions.NonBacktracking)]
    private static partial Regex Placeholder();
}
