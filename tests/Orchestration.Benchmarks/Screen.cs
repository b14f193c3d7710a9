using System.Globalization;
using Spectre.Console;

namespace Orchestration.Benchmarks;

/// <summary>Lines beside the tables.</summary>
internal static class Screen
{
    public static void Note(FormattableString text) => Write("grey", text);

    public static void Warn(FormattableString text) => Write("yellow", text);

    public static void Wrong(FormattableString text) => Write("red", text);

    private static void Write(string style, FormattableString text) =>
        AnsiConsole.MarkupLine($"[{style}]{Markup.Escape(text.ToString(CultureInfo.InvariantCulture))}[/]");
}
