// Libraries of sound and video: the nixpkgs attribute, and the sonames in it. Data: see attributes.ts.

export const media: Readonly<Record<string, string>> = {
  // sound and video
  "alsa-lib": "libasound.so.2 libatopology.so.2",
  libpulseaudio: "libpulse.so.0 libpulse-simple.so.0 libpulse-mainloop-glib.so.0",
  libjack2: "libjack.so.0 libjackserver.so.0",
  pipewire: "libpipewire-0.3.so.0",
  openal: "libopenal.so.1",
  portaudio: "libportaudio.so.2",
  speechd: "libspeechd.so.2",
  libsndfile: "libsndfile.so.1",
  libsamplerate: "libsamplerate.so.0",
  soxr: "libsoxr.so.0",
  fluidsynth: "libfluidsynth.so.3",
  libogg: "libogg.so.0",
  libvorbis: "libvorbis.so.0 libvorbisenc.so.2 libvorbisfile.so.3",
  libopus: "libopus.so.0",
  flac: "libFLAC.so.14 libFLAC++.so.11",
  lame: "libmp3lame.so.0",
  mpg123: "libmpg123.so.0",
  speex: "libspeex.so.1",
  speexdsp: "libspeexdsp.so.1",
  libtheora: "libtheora.so.1 libtheoradec.so.2 libtheoraenc.so.2",
  wavpack: "libwavpack.so.1",
  libmodplug: "libmodplug.so.1",
  dav1d: "libdav1d.so.7",
  libaom: "libaom.so.3",
  libass: "libass.so.9",
  ffmpeg_4:
    "libavcodec.so.58 libavformat.so.58 libavdevice.so.58 libavfilter.so.7 libavutil.so.56 libswresample.so.3 libswscale.so.5",
  ffmpeg_6:
    "libavcodec.so.60 libavformat.so.60 libavdevice.so.60 libavfilter.so.9 libavutil.so.58 libswresample.so.4 libswscale.so.7",
  ffmpeg_7:
    "libavcodec.so.61 libavformat.so.61 libavdevice.so.61 libavfilter.so.10 libavutil.so.59 libswresample.so.5 libswscale.so.8",
  ffmpeg_8:
    "libavcodec.so.62 libavformat.so.62 libavdevice.so.62 libavfilter.so.11 libavutil.so.60 libswresample.so.6 libswscale.so.9",
  "gst_all_1.gstreamer": "libgstreamer-1.0.so.0 libgstbase-1.0.so.0 libgstcontroller-1.0.so.0 libgstnet-1.0.so.0",
  "gst_all_1.gst-plugins-base":
    "libgstallocators-1.0.so.0 libgstapp-1.0.so.0 libgstaudio-1.0.so.0 libgstfft-1.0.so.0 libgstgl-1.0.so.0 libgstpbutils-1.0.so.0 libgstriff-1.0.so.0 libgstrtp-1.0.so.0 libgstrtsp-1.0.so.0 libgstsdp-1.0.so.0 libgsttag-1.0.so.0 libgstvideo-1.0.so.0",
};
