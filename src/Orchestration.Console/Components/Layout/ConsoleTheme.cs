using MudBlazor;

namespace Orchestration.Console.Components.Layout;

/// <summary>Colours and type of the console. Every pair of text and ground has a contrast of at least 4.5 to 1.</summary>
internal static class ConsoleTheme
{
    public static readonly MudTheme Theme = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#1d4ed8",
            Secondary = "#6d28d9",
            AppbarBackground = "#0f172a",
            AppbarText = "#f8fafc",
            Background = "#f5f7fa",
            Surface = "#ffffff",
            DrawerBackground = "#ffffff",
            TextPrimary = "#0f172a",
            TextSecondary = "#475569",
            DrawerText = "#1e293b",
            DrawerIcon = "#475569",
            ActionDefault = "#475569",
            Success = "#15803d",
            Warning = "#a14908",
            Error = "#b91c1c",
            Info = "#0369a1",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#93b4ff",
            PrimaryContrastText = "#0b1220",
            Secondary = "#c4b5fd",
            AppbarBackground = "#0b1220",
            AppbarText = "#f1f5f9",
            Background = "#0f172a",
            Surface = "#172033",
            DrawerBackground = "#111a2c",
            TextPrimary = "#e8eef7",
            TextSecondary = "#a9b6c9",
            DrawerText = "#d5deea",
            DrawerIcon = "#a9b6c9",
            ActionDefault = "#a9b6c9",
            Success = "#6ee7a0",
            SuccessContrastText = "#0b1220",
            Warning = "#fbbf5c",
            WarningContrastText = "#0b1220",
            Error = "#fca5a5",
            ErrorContrastText = "#0b1220",
            Info = "#7dd3fc",
            InfoContrastText = "#0b1220",
        },
        Typography = new Typography { Button = new ButtonTypography { TextTransform = "none" } },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px" },
    };
}
